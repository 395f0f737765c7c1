/** The effects that reach out to others, watched where somebody watches. */
import type { Effects } from './effects.ts';
import { observedCall, observedPost } from './observe.ts';

export const observedEffects = (effects: Effects): Effects => {
  const { call, post, clock, telemetry } = effects;
  const now = (): number => clock.now();
  return telemetry ? { ...effects, call: observedCall(call, telemetry, now), post: observedPost(post, telemetry, now) } : effects;
};
