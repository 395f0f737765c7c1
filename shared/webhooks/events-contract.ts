/** Pure: what callers see of events: the catalogue, and a log read in order. */
import { z } from 'zod';
import { entryOfType, EVENT_TYPES } from './events.ts';
import { FIRST_PAYLOAD_VERSION } from './model.ts';

/** What every delivery and every read of a log holds. */
export const eventBody = z
  .object({
    id: z.string(),
    type: z.string(),
    timestamp: z.string(),
    apiVersion: z.string(),
    subscriptionId: z.string(),
    stream: z.string(),
    sequence: z.int().min(1),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
export type EventBody = z.infer<typeof eventBody>;

export const eventPage = z
  .object({
    subscriptionId: z.string(),
    /** Another stream than before: numbers were given anew, begin at the first. */
    stream: z.string(),
    firstSequence: z.int(),
    lastSequence: z.int(),
    value: z.array(eventBody),
    nextLink: z.string().optional(),
  })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof eventPage>;

export const eventType = z
  .object({
    type: z.string(),
    when: z.string(),
    audience: z.enum(['partner', 'operator']),
    /** JSON Schema of `data`. */
    dataSchema: z.record(z.string(), z.unknown()),
    example: eventBody,
  })
  .meta({ id: 'EventType' });
export const eventTypeList = z.object({ value: z.array(eventType) }).meta({ id: 'EventTypeList' });

const EXAMPLE = { id: 'evt_0123456789abcdefghjkmnpqrs', timestamp: '2026-11-01T00:00:00.000Z', apiVersion: FIRST_PAYLOAD_VERSION };

/** The whole catalogue, made once. */
export const eventTypes = (): z.input<typeof eventTypeList> => ({
  value: EVENT_TYPES.map((type) => {
    const { when, audience, data, example } = entryOfType(type);
    const place = { subscriptionId: 'sub_7k2m', stream: '4c1zq80t9m2x', sequence: 42 };
    const dataSchema = z.toJSONSchema(data, { io: 'output' }) as Record<string, unknown>;
    return { type, when, audience, dataSchema, example: { ...EXAMPLE, type, ...place, data: { ...example } } };
  }),
});
