/** Faults that control scripts: which requests they hit, how often, and what they do to them. */
import { z } from 'zod';
import { OPERATION_IDS, type OperationId } from '../http/routes.ts';

/** Before: nothing is executed. After: the write stands, though the caller is told otherwise or nothing. */
const when = z.enum(['beforeCommit', 'afterCommit']);
const ms = z.number().min(0);

const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    when,
    status: z.int().min(400).max(599),
    code: z.string().optional(),
    retryAfterS: ms.optional(),
  }),
  /** The connection is reset and nothing is answered. */
  z.strictObject({ kind: z.literal('drop'), when }),
  /** The connection stays open and nothing is answered. */
  z.strictObject({ kind: z.literal('hang'), when }),
  /** Executed at once, first byte late. */
  z.strictObject({ kind: z.literal('delay'), ms }),
  /** Executed late: after the caller gave up, or was cut off at once (`drop`). */
  z.strictObject({ kind: z.literal('lateCommit'), ms, caller: z.enum(['hang', 'drop']) }),
  z.strictObject({ kind: z.literal('malformedJson') }),
  z.strictObject({ kind: z.literal('emptyBody') }),
  z.strictObject({ kind: z.literal('html'), status: z.int().min(400).max(599) }),
  z.strictObject({ kind: z.literal('unknownEnum') }),
  z.strictObject({ kind: z.literal('errorsAs'), value: z.enum(['null', 'empty', 'absent']) }),
  /** The page that the list request before got, once more, with this request's own nextLink. */
  z.strictObject({ kind: z.literal('duplicatePage') }),
  z.strictObject({ kind: z.literal('nextLinkLoop') }),
]);

export const faultRuleSchema = z.strictObject({
  operation: z.enum(OPERATION_IDS as [OperationId, ...OperationId[]]).optional(),
  /** Account, tenant id or telephone number in the path, or a telephone number in a batch. */
  key: z.string().optional(),
  /** Lets this many matching requests pass first. */
  skip: z.int().min(0).optional(),
  /** How many it hits: 1 unless told otherwise; with a rate, no end unless told otherwise. */
  times: z.int().min(1).optional(),
  /** Chance of each matching request, drawn from the emulator's seed. */
  rate: z.number().gt(0).max(1).optional(),
  effect: effectSchema,
});

export type FaultEffect = z.infer<typeof effectSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;
export type LiveFault = { rule: FaultRule; seen: number; hit: number };

export type FaultSubject = { operation: OperationId; keys: readonly string[] };

const fits = ({ rule }: LiveFault, { operation, keys }: FaultSubject): boolean =>
  (rule.operation === undefined || rule.operation === operation) && (rule.key === undefined || keys.includes(rule.key));

const isSpent = ({ rule, hit }: LiveFault): boolean => hit >= (rule.times ?? (rule.rate === undefined ? 1 : Infinity));

const strikes = (fault: LiveFault, random: () => number): boolean =>
  ++fault.seen > (fault.rule.skip ?? 0) && (fault.rule.rate === undefined || random() < fault.rule.rate);

/** The first fault that fits and strikes; counts what it saw and hit. */
export const takeFault = (faults: readonly LiveFault[], subject: FaultSubject, random: () => number): FaultEffect | undefined => {
  const struck = faults.find((fault) => !isSpent(fault) && fits(fault, subject) && strikes(fault, random));
  if (struck) struck.hit++;
  return struck?.rule.effect;
};
