/** The official emulator's Config.json: same names, same defaults, same limits; what is wrong is refused by its path. */
import { z } from 'zod';
import { fromIsoDuration } from './duration.ts';
import type { EntitySettings } from './engine/namespace.ts';
import { withoutComments } from './json-comments.ts';

export type ConfigResult = { kind: 'read'; entities: EntitySettings[] } | { kind: 'refused'; problems: string[] };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Queues and topics of one namespace. */
const MAX_ENTITIES = 50;

const duration = (fallback: string, minMs: number, maxMs: number, range: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = fromIsoDuration(text);
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
      context.addIssue({ code: 'custom', message: `must be a duration of whole seconds within ${range}` });
      return z.NEVER;
    });

const queueProperties = z.strictObject({
  DeadLetteringOnMessageExpiration: z.boolean().default(false),
  DefaultMessageTimeToLive: duration('PT1H', 5 * MINUTE_MS, 60 * MINUTE_MS, 'PT5M..PT1H'),
  DuplicateDetectionHistoryTimeWindow: duration('PT20S', 5 * SECOND_MS, 5 * MINUTE_MS, 'PT5S..PT5M'),
  ForwardDeadLetteredMessagesTo: z.string().default(''),
  ForwardTo: z.string().default(''),
  LockDuration: duration('PT1M', 5 * SECOND_MS, 5 * MINUTE_MS, 'PT5S..PT5M'),
  MaxDeliveryCount: z.int().min(1).max(10).default(3),
  RequiresDuplicateDetection: z.boolean().default(false),
  RequiresSession: z.boolean().default(false),
});

const queueSchema = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9]$|^[A-Za-z0-9][\w\-./]*[A-Za-z0-9]$/, 'is not a queue name'),
  Properties: queueProperties.prefault({}),
});

const configSchema = z.strictObject({
  UserConfig: z.strictObject({
    Namespaces: z
      .array(
        z.strictObject({
          Name: z.literal('sbemulatorns'),
          Queues: z.array(queueSchema).max(MAX_ENTITIES),
          Topics: z.array(z.unknown()).max(0, 'topics are not supported by this emulator'),
        }),
      )
      .length(1),
    Logging: z.strictObject({ Type: z.enum(['File', 'Console', 'File,Console', 'Console,File']) }).optional(),
  }),
});

type QueueConfig = z.infer<typeof queueSchema>;

/** Reads the text of a Config.json. Every problem is listed, each with the path of its field. */
export const readConfig = (text: string): ConfigResult => {
  const parsed = parseJson(text);
  if (parsed.kind === 'refused') return parsed;
  const result = configSchema.safeParse(parsed.value);
  if (!result.success) return { kind: 'refused', problems: result.error.issues.map(({ path, message }) => `${toPath(path)}: ${message}`) };
  const queues = result.data.UserConfig.Namespaces.flatMap(({ Queues }) => Queues);
  const problems = queues.flatMap((queue, index) => findConflicts(queue, index, queues));
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'read', entities: queues.map(toSettings) };
};

const parseJson = (text: string): { kind: 'parsed'; value: unknown } | { kind: 'refused'; problems: string[] } => {
  try {
    return { kind: 'parsed', value: JSON.parse(withoutComments(text)) };
  } catch (error) {
    return { kind: 'refused', problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
};

const toPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1) || 'the file';

const findConflicts = (queue: QueueConfig, index: number, all: QueueConfig[]): string[] => {
  const at = `UserConfig.Namespaces[0].Queues[${index}]`;
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const problems: string[] = [];
  if (all.findIndex(({ Name }) => same(Name, queue.Name)) < index) problems.push(`${at}.Name: ${queue.Name} is there twice`);
  for (const field of ['ForwardTo', 'ForwardDeadLetteredMessagesTo'] as const) {
    const target = queue.Properties[field];
    if (target === '') continue;
    const known = all.some(({ Name }) => same(Name, target)) && !same(target, queue.Name);
    if (!known) problems.push(`${at}.Properties.${field}: ${target} is no other queue of this namespace`);
  }
  return problems;
};

const toSettings = ({ Name, Properties }: QueueConfig): EntitySettings => ({
  name: Name,
  lockDurationMs: Properties.LockDuration,
  maxDeliveryCount: Properties.MaxDeliveryCount,
  defaultTtlMs: Properties.DefaultMessageTimeToLive,
  duplicateWindowMs: Properties.RequiresDuplicateDetection ? Properties.DuplicateDetectionHistoryTimeWindow : 0,
  requiresSession: Properties.RequiresSession,
  deadLetterOnExpiration: Properties.DeadLetteringOnMessageExpiration,
  forwardTo: Properties.ForwardTo,
  forwardDeadLetteredTo: Properties.ForwardDeadLetteredMessagesTo,
});
