/** Pure: the body of a wake. It carries no work, only whom to look at. */
import { z } from 'zod';

const wakeBody = z.object({
  v: z.literal(1),
  wake: z.union([z.object({ lane: z.string().min(1) }), z.object({ subscription: z.string().min(1) })]),
});

export type WakeBody = z.infer<typeof wakeBody>;
export type Wake = { kind: 'lane'; lane: string } | { kind: 'subscription'; subscription: string };

/** The session in which a wake travels: one lane or one subscription is looked at by one handler at a time. */
export const sessionOf = (wake: Wake): string => (wake.kind === 'lane' ? wake.lane : wake.subscription);

/** What to look at is nested: the host spreads a body's top level over its own metadata. */
export const toWakeBody = (wake: Wake): WakeBody => ({
  v: 1,
  wake: wake.kind === 'lane' ? { lane: wake.lane } : { subscription: wake.subscription },
});

/** The wake in a message body, or undefined when it is none of ours: such a message is a fault to be looked at. */
export const fromWakeBody = (body: unknown): Wake | undefined => {
  const parsed = wakeBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { wake } = parsed.data;
  return 'lane' in wake ? { kind: 'lane', lane: wake.lane } : { kind: 'subscription', subscription: wake.subscription };
};
