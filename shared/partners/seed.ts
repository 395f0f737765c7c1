/** Partners to begin with, from the local settings: planted before the first look into the registry, and again only when the setting has changed. */
import { z } from 'zod';
import { once } from '../platform/values/once.ts';
import { MAX_CLIENTS, partner, partnerClient } from './model.ts';
import type { PartnerRegistry } from './registry.ts';

export const seedPartner = partner.extend({ clients: z.array(partnerClient).max(MAX_CLIENTS).default([]) });
export type SeedPartner = z.infer<typeof seedPartner>;

const MAX_TRIES = 5;

/** Reads the value of SEED_PARTNERS. Throws an error that names every problem by its place, not by its value. */
export const readSeed = (value: readonly unknown[] = []): SeedPartner[] => {
  const read = z.array(seedPartner).safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `  SEED_PARTNERS/${issue.path.join('/')}: ${issue.message}`);
  throw new Error(['The settings are wrong:', ...problems].join('\n'));
};

/** The registry with `seed` in it: a look waits until every seeded partner is written; a failed attempt is made again at the next look. */
export const seededRegistry = (registry: PartnerRegistry, seed: readonly SeedPartner[], now: () => number): PartnerRegistry => {
  const seeded = once(async () => {
    for (const one of seed) await plant(registry, one, now());
  });
  const after =
    <A extends unknown[], R>(look: (...asked: A) => Promise<R>) =>
    async (...asked: A): Promise<R> => {
      await seeded();
      return look(...asked);
    };
  return {
    ...registry,
    partner: after(registry.partner),
    partnerOf: after(registry.partnerOf),
    record: after(registry.record),
    records: after(registry.records),
  };
};

/** What an operator has made of a planted partner since stays, until the seed says something else. */
const plant = async (registry: PartnerRegistry, { clients, ...value }: SeedPartner, nowMs: number): Promise<void> => {
  const seed = JSON.stringify({ ...value, clients });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const old = await registry.record(value.id);
    if (old?.value.seed === seed) return;
    // An application that belonged to another one moves.
    for (const client of clients) await registry.claims.claim(client, value.id, () => Promise.resolve(true), nowMs);
    const updatedAt = new Date(nowMs).toISOString();
    const next = { v: 1 as const, partner: value, clients, createdAt: old?.value.createdAt ?? updatedAt, updatedAt, seed };
    if (await registry.save(old, next)) return;
  }
  throw new Error('a seeded partner stayed contended');
};
