/** Pure: what an inspection and two probes say about an endpoint, check by check, each with a reason that a program can read. */
import { z } from 'zod';
import type { Inspection } from '../platform/outbound/inspect-call.ts';
import type { PostResult } from '../platform/outbound/post-call.ts';

const CHECKS = ['name', 'address', 'connection', 'certificate', 'answer', 'redirect', 'signature', 'clock', 'time'] as const;

export const checkView = z
  .object({
    name: z.enum(CHECKS),
    outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
    /** Stays the same for programs; absent when all is well. */
    reason: z.string().optional(),
    message: z.string().optional(),
  })
  .meta({ id: 'EndpointCheck' });
export type CheckView = z.infer<typeof checkView>;

/** `ok`: nothing failed; there may be warnings. */
export const diagnosis = z.object({ ok: z.boolean(), checks: z.array(checkView) }).meta({ id: 'Diagnosis' });
export type Diagnosis = z.infer<typeof diagnosis>;

const DAY_MS = 24 * 3_600_000;
const WARN_BEFORE_EXPIRY_MS = 14 * DAY_MS;
/** Receivers refuse deliveries whose time differs by more than five minutes. */
const MAX_SKEW_MS = 60_000;
const SLOW_MS = 5_000;

const ok = (name: CheckView['name']): CheckView => ({ name, outcome: 'ok' });
const skipped = (name: CheckView['name']): CheckView => ({ name, outcome: 'skipped' });
const failed = (name: CheckView['name'], reason: string, message: string): CheckView => ({ name, outcome: 'failed', reason, message });
const warning = (name: CheckView['name'], reason: string, message: string): CheckView => ({ name, outcome: 'warning', reason, message });

const MESSAGES: Readonly<Record<string, string>> = {
  NameNotFound: 'The name of the host could not be looked up.',
  AddressNotAllowed: 'The name leads to an address that is not public. All of its addresses must be.',
  ConnectionRefused: 'The host refuses connections at this port.',
  Unreachable: 'The host could not be reached.',
  TimedOut: 'The host did not take the connection in time.',
  CertificateExpired: 'The certificate is not valid now.',
  CertificateUntrusted: 'The certificate was not signed by a known authority, or an intermediate certificate is missing.',
  CertificateForOtherName: 'The certificate is for another name.',
  TlsFailed: 'TLS 1.2 or newer could not be agreed upon.',
};
const messageOf = (reason: string): string => MESSAGES[reason] ?? reason;

const certificateCheck = (inspection: Extract<Inspection, { stage: 'done' }>, nowMs: number): CheckView => {
  const { validToMs } = inspection;
  if (validToMs === undefined) return skipped('certificate');
  if (validToMs - nowMs > WARN_BEFORE_EXPIRY_MS) return ok('certificate');
  return warning('certificate', 'CertificateExpiresSoon', `The certificate is valid until ${new Date(validToMs).toISOString()}.`);
};

/** What can be known without sending anything. */
export const checksOfInspection = (inspection: Inspection, nowMs: number): CheckView[] => {
  const order = ['name', 'address', 'connection', 'certificate'] as const;
  if (inspection.stage === 'done') return [ok('name'), ok('address'), ok('connection'), certificateCheck(inspection, nowMs)];
  const { failure } = inspection;
  const at = { name: 0, address: 1, connect: 2, tls: 3 }[inspection.stage];
  return order.map((name, n) => (n < at ? ok(name) : n === at ? failed(name, failure, messageOf(failure)) : skipped(name)));
};

const isSuccess = (result: PostResult): boolean => result.outcome === 'answered' && result.status >= 200 && result.status < 300;
const isRedirect = (status: number): boolean => status >= 300 && status < 400;

const clockCheck = (date: string | undefined, nowMs: number): CheckView => {
  const theirsMs = Date.parse(date ?? '');
  if (Number.isNaN(theirsMs)) return skipped('clock');
  const skewS = Math.round((theirsMs - nowMs) / 1000);
  if (Math.abs(theirsMs - nowMs) <= MAX_SKEW_MS) return ok('clock');
  return warning('clock', 'ClockSkew', `The receiver's clock differs by ${skewS} s; at 300 s it refuses what is fresh.`);
};

const signatureCheck = (good: PostResult, forged: PostResult): CheckView => {
  if (!isSuccess(good) || forged.outcome !== 'answered') return skipped('signature');
  if (!isSuccess(forged)) return ok('signature');
  return failed('signature', 'SignatureNotChecked', 'A delivery with a wrong signature was taken. Anybody could send these.');
};

/** `good` was signed as deliveries are, `forged` with another secret; `nowMs` when the first of them was answered. */
export const checksOfProbes = (good: PostResult, forged: PostResult, nowMs: number): CheckView[] => {
  const rest = (['redirect', 'signature', 'clock', 'time'] as const).map(skipped);
  if (good.outcome === 'failed') return [failed('answer', good.failure, 'The probe was not answered.'), ...rest];
  const { status, headers, durationMs } = good;
  const redirect = isRedirect(status)
    ? failed('redirect', 'Redirect', `Answered ${status}; redirects are not followed. Register the URL that it leads to.`)
    : ok('redirect');
  const answer = isSuccess(good) ? ok('answer') : failed('answer', 'NoSuccess', `Answered ${status}; a status of 200 to 299 is success.`);
  const time = durationMs < SLOW_MS ? ok('time') : warning('time', 'Slow', `It took ${durationMs} ms; after 10 s a delivery has failed.`);
  return [answer, redirect, signatureCheck(good, forged), clockCheck(headers['date'], nowMs), time];
};

export const toDiagnosis = (checks: CheckView[]): Diagnosis => ({ ok: !checks.some(({ outcome }) => outcome === 'failed'), checks });
