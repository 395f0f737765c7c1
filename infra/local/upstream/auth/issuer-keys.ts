/** The key set of a token issuer, read when first needed, kept, and read once more for a key id it does not have. */
import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { z } from 'zod';
import type { FetchJson } from './fetch-json.ts';

export type LocalKeys = ReturnType<typeof createLocalJWKSet>;

export type IssuerKeys = {
  /** The `iss` that its tokens must carry. */
  issuer: () => Promise<string>;
  find: (header: JWSHeaderParameters, token: FlattenedJWSInput) => ReturnType<LocalKeys>;
};

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

type Known = { issuer: string; keys: LocalKeys };

/** `base` is the v2 issuer, below which `/.well-known/openid-configuration` is found. A failed read is not kept. */
export const issuerKeys = (base: string, fetchJson: FetchJson): IssuerKeys => {
  let known: Promise<Known> | undefined;
  const read = async (): Promise<Known> => {
    const metadata = metadataSchema.parse(await fetchJson(`${base.replace(/\/$/, '')}/.well-known/openid-configuration`));
    const keySet = keySetSchema.parse(await fetchJson(metadata.jwks_uri));
    return { issuer: metadata.issuer, keys: createLocalJWKSet(keySet) };
  };
  const refresh = (): Promise<Known> => {
    const reading = read();
    known = reading;
    reading.catch(() => {
      if (known === reading) known = undefined;
    });
    return reading;
  };
  const current = (): Promise<Known> => known ?? refresh();
  return {
    issuer: async () => (await current()).issuer,
    find: async (header, token) => {
      try {
        return await (await current()).keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return (await refresh()).keys(header, token);
      }
    },
  };
};
