/** Use case: examines the endpoint of a subscription: name, address, certificate, then a probe with a good signature and one with a wrong one. */
import type { InspectEndpoint } from '../platform/outbound/inspect-call.ts';
import type { Post, PostResult } from '../platform/outbound/post-call.ts';
import type { OpenSecret } from '../platform/secrets/secret-box.ts';
import type { Clock } from '../platform/time/clock.ts';
import { checksOfInspection, checksOfProbes, toDiagnosis, type Diagnosis } from './diagnosis.ts';
import { findOwnSubscription, type FindEffects } from './find-subscription.ts';
import { liveSecrets, openHeaders } from './live-secrets.ts';
import { FIRST_PAYLOAD_VERSION, type Subscription } from './model.ts';
import type { DeliverySettings } from './schedule.ts';
import { NEW_SECRET_BYTES, signatureHeaders } from './sign.ts';
import { streamOf } from './stream.ts';

export type DoctorEffects = FindEffects & {
  inspect: InspectEndpoint;
  post: Post;
  open: OpenSecret;
  newId: () => string;
  randomBytes: (count: number) => Uint8Array;
  clock: Clock;
  settings: Pick<DeliverySettings, 'streamEpoch'>;
};

/** Throws AppError ResourceNotFound. */
export type Examine = (owner: string, subscriptionId: string) => Promise<Diagnosis>;

export const makeExamine = (effects: DoctorEffects): Examine => {
  const { inspect, post, open, newId, randomBytes, clock, settings } = effects;

  /** Has no place in the log: its sequence is 0, which comes before every event. */
  const probeBody = ({ id: subscriptionId, payloadVersion: apiVersion = FIRST_PAYLOAD_VERSION }: Subscription, id: string): string => {
    const place = { subscriptionId, stream: streamOf(subscriptionId, settings.streamEpoch), sequence: 0 };
    const timestamp = new Date(clock.now()).toISOString();
    const data = { subscriptionId, reason: 'probe' };
    return JSON.stringify({ id, type: 'webhook_subscription.test', timestamp, apiVersion, ...place, data });
  };

  return async (owner, subscriptionId) => {
    const { subscription } = await findOwnSubscription(effects, owner, subscriptionId);
    const { url = '' } = subscription;
    const inspection = await inspect(url);
    const checks = checksOfInspection(inspection, clock.now());
    if (inspection.stage !== 'done') return toDiagnosis(checks);
    const [secrets, custom] = await Promise.all([liveSecrets(subscription, clock.now(), open), openHeaders(subscription, open)]);
    const probe = (keys: readonly Uint8Array[]): Promise<PostResult> => {
      const id = `evt_${newId()}`;
      const body = probeBody(subscription, id);
      const headers = { ...custom, 'content-type': 'application/json', ...signatureHeaders(id, clock.now(), body, keys) };
      return post({ url, headers, body });
    };
    const good = await probe(secrets);
    const answeredAtMs = clock.now();
    const forged = await probe([randomBytes(NEW_SECRET_BYTES)]);
    return toDiagnosis([...checks, ...checksOfProbes(good, forged, answeredAtMs)]);
  };
};
