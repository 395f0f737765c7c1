/** Writes one page of an account's numbers into the lane that the customer will have; doing it again changes nothing more. */
import { numberBlockKey, lanePartition } from '../../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../../platform/tables/row-store.ts';
import { bytesOf } from '../error-texts.ts';
import type { Holder } from '../model.ts';
import { adoptedBlock, blockOf, type NumberBlock } from '../number-block.ts';
import { toContent, toNumberState } from '../number-content.ts';
import type { NumberIndex } from '../number-index.ts';
import type { PageRow } from '../page.ts';
import { readBlocks } from '../touched-rows.ts';
import { isRefusal, type Adoption, type Finding } from './adoption.ts';

/** Far within a transaction's 90 rows and 3 MiB. */
const MAX_ROWS = 70;
const MAX_BYTES = 1_200_000;
const MAX_TRIES = 5;

export type AdoptPageEffects = {
  /** Table `State`. */
  state: RowStore;
  index: NumberIndex;
  /** Whether the number (E.164) lies in the partner's ranges. */
  isAllocated: (partner: string) => Promise<(number: string) => boolean>;
  /** Whose a lane is, by its name. */
  placeOf: (lane: string) => { partner: string; customerId: string } | undefined;
};

const heldFinding = ({ placeOf }: AdoptPageEffects, { partner }: Adoption, digits: string, holder: Holder): Finding => {
  const place = placeOf(holder.lane);
  return {
    digits,
    code: holder.partner === partner ? 'NumberAlreadyAssigned' : 'NumberNotAllocated',
    ...(place ? { holder: place } : {}),
  };
};

/** Blocks in portions that one transaction can take. */
const portioned = (writes: readonly RowWrite[]): RowWrite[][] => {
  const portions: RowWrite[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const write of writes) {
    const size = bytesOf(write);
    const last = portions.at(-1);
    if (!last || last.length >= MAX_ROWS || bytes + size > MAX_BYTES) {
      portions.push([write]);
      bytes = size;
    } else {
      last.push(write);
      bytes += size;
    }
  }
  return portions;
};

/** Brings the blocks of these numbers up to `change`, a transaction at a time, all again for whatever somebody else was first at. */
export const changeBlocks = async (
  state: RowStore,
  lane: string,
  digits: readonly string[],
  change: (block: NumberBlock | undefined, digits: readonly string[]) => NumberBlock | undefined,
): Promise<void> => {
  const groups = Map.groupBy(new Set(digits), blockOf);
  let left: ReadonlySet<string> = new Set(groups.keys());
  for (let attempt = 0; left.size > 0 && attempt < MAX_TRIES; attempt++) {
    const blocks = await readBlocks(
      state,
      lane,
      [...left].flatMap((start) => groups.get(start)?.[0] ?? []),
    );
    const writes = [...left].flatMap((start): RowWrite[] => {
      const row = blocks.get(start);
      const value = change(row?.value, groups.get(start) ?? []);
      if (!value || (!row && Object.keys(value.numbers).length === 0)) return [];
      const key = numberBlockKey(lane, start);
      if (Object.keys(value.numbers).length === 0) return [{ kind: 'delete', key }];
      return [row ? { kind: 'replace', key, value, etag: row.etag } : { kind: 'insert', key, value }];
    });
    const lost = new Set<string>();
    for (const portion of portioned(writes)) {
      if ((await state.commit(lanePartition(lane), portion)).outcome === 'committed') continue;
      for (const { key } of portion) lost.add(key.slice(numberBlockKey(lane, '').length));
    }
    left = lost;
  }
  if (left.size > 0) throw new Error('blocks of an adopted account stayed contended');
};

const screenPage = async (
  effects: AdoptPageEffects,
  adoption: Adoption,
  rows: readonly PageRow[],
): Promise<{ findings: Finding[]; taken: PageRow[] }> => {
  const { partner, customerLane, seq, outsideRanges } = adoption;
  const isIn = await effects.isAllocated(partner);
  const outside = new Set(rows.filter(({ digits }) => !isIn(`+${digits}`)).map(({ digits }) => digits));
  const wanted = outsideRanges === 'refuse' ? rows.filter(({ digits }) => !outside.has(digits)) : rows;
  const held = await effects.index.claim(
    partner,
    customerLane,
    wanted.map(({ digits }) => ({ digits, op: seq })),
  );
  const taken = wanted.filter(({ digits }) => !held.has(digits));
  const findings = rows.flatMap(({ digits }): Finding[] => {
    const holder = held.get(digits);
    if (holder) return [heldFinding(effects, adoption, digits, holder)];
    if (!outside.has(digits)) return [];
    return [{ digits, code: outsideRanges === 'refuse' ? 'NumberNotAllocated' : 'OutsideRanges' }];
  });
  return { findings, taken };
};

/** What was found in the page; everything else of it is the customer's from now on. */
export const adoptPage = async (
  effects: AdoptPageEffects,
  adoption: Adoption,
  rows: readonly PageRow[],
): Promise<{ findings: Finding[]; counts: Pick<Adoption, 'listed' | 'adopted' | 'outside' | 'refused'> }> => {
  const { findings, taken } = await screenPage(effects, adoption, rows);
  const shown = new Map(taken.map(({ digits, resource }) => [digits, resource]));
  await changeBlocks(effects.state, adoption.customerLane, [...shown.keys()], (block, digits) =>
    adoptedBlock(
      block,
      digits.flatMap((one) => {
        const resource = shown.get(one);
        return resource ? [{ digits: one, as: { state: toNumberState(resource), content: toContent(resource) } }] : [];
      }),
      adoption.seq,
      adoption.passBeganMs,
    ),
  );
  const refused = findings.filter(isRefusal).length;
  const counts = { listed: rows.length, adopted: shown.size, outside: findings.length - refused, refused };
  return { findings, counts };
};
