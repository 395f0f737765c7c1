/** Names the things a request is about, so that a fault can wait for one of them. */
import { z } from 'zod';
import type { PathParams } from '../http/match-route.ts';

const batchSchema = z.object({ numbers: z.array(z.object({ telephoneNumber: z.string() })) });

const numbersIn = (body: Buffer): string[] => {
  try {
    return batchSchema.parse(JSON.parse(body.toString('utf8'))).numbers.map((number) => number.telephoneNumber);
  } catch {
    return [];
  }
};

/** Path parameters and the numbers of a batch; a body that is no batch names nothing. */
export const faultKeys = (params: PathParams, body: Buffer): string[] => [
  ...Object.values(params),
  ...(body.length ? numbersIn(body) : []),
];
