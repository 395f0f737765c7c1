/** Reads one RFI from upstream now, for somebody who waits, and records what it shows as a scan would. */
import { rfiResource } from '../platform/upstream/contract.ts';
import { rfiPath } from '../platform/upstream/paths.ts';
import { tenantKeyOf, toContent, UNASSIGNED } from './model.ts';
import type { AskOnce } from './ports.ts';
import { recordListed, recordUnlisted, type RecordEffects } from './record-change.ts';

/** Who asks is kept waiting no longer than that for a permit. */
const PERMIT_WAIT_MS = 2_000;

/** `busy`: no permit came soon; `unavailable`: upstream cannot tell now. */
export type RefreshRfi = (tenantId: string, partner: string) => Promise<'refreshed' | 'busy' | 'unavailable'>;

const never = (): boolean => false;

export const makeRefreshRfi =
  (effects: RecordEffects & { askOnce: AskOnce }): RefreshRfi =>
  async (tenantId, partner) => {
    const inName = partner === UNASSIGNED ? {} : { partner };
    const heard = await effects.askOnce(
      { method: 'GET', path: rfiPath(tenantId) },
      { permitClass: 'interactive', ...inName },
      PERMIT_WAIT_MS,
    );
    if (heard.kind === 'unheard') return heard.reason === 'noPermit' ? 'busy' : 'unavailable';
    const { answer, askedAtMs } = heard;
    if (answer.status === 404) {
      await recordUnlisted(effects, tenantId, askedAtMs);
      return 'refreshed';
    }
    const resource = answer.status === 200 ? rfiResource.safeParse(answer.body) : undefined;
    if (!resource?.success || tenantKeyOf(resource.data.tenantId) !== tenantId) return 'unavailable';
    await recordListed(effects, { tenantId, content: toContent(resource.data), askedAtMs }, never);
    return 'refreshed';
  };
