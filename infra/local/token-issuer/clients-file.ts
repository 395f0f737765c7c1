/** Reads the issuer's registrations from a file, and says what is wrong with them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { IssuerClient } from './token-claims.ts';

const clients = z.array(
  z.strictObject({
    tenantId: z.guid(),
    clientId: z.guid(),
    clientSecret: z.string().min(1),
    roles: z.record(z.string(), z.array(z.string())),
  }),
);

/** The registrations in `file`, a JSON array of `{ tenantId, clientId, clientSecret, roles: { audience: [role] } }`; throws with every problem named. */
export const readClients = (file: string): IssuerClient[] => {
  const parsed = clients.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a list of clients:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
