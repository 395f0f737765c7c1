/** Partners to begin with, from the local settings: written once, before the first look into the registry. */
import { z } from 'zod';
import { once } from '../platform/values/once.ts';
import { partner, partnerClient } from './model.ts';
import type { PartnerRegistry } from './registry.ts';

export const seedPartner = partner.extend({ clients: z.array(partnerClient).max(20).default([]) });
export type SeedPartner = z.infer<typeof seedPartner>;

/** Reads the value of SEED_PARTNERS. Throws an error that names every problem by its place, not by its value. */
export const readSeed = (value: readonly unknown[] = []): SeedPartner[] => {
  const read = z.array(seedPartner).safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `  SEED_PARTNERS/${issue.path.join('/')}: ${issue.message}`);
  throw new Error(['The settings are wrong:', ...problems].join('\n'));
};

/** The registry with `seed` in it: a look waits until every seeded partner is written; a failed attempt is made again at the next look. */
export const seededRegistry = (registry: PartnerRegistry, seed: readonly SeedPartner[]): PartnerRegistry => {
  const seeded = once(() => plant(registry, seed));
  return {
    ...registry,
    partner: async (id) => {
      await seeded();
      return registry.partner(id);
    },
    partnerOf: async (caller) => {
      await seeded();
      return registry.partnerOf(caller);
    },
  };
};

const plant = async (registry: PartnerRegistry, seed: readonly SeedPartner[]): Promise<void> => {
  for (const { clients, ...value } of seed) {
    await registry.savePartner(value);
    for (const client of clients) await registry.saveClient(client, value.id);
  }
};
