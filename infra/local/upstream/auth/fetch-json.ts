/** Reads a JSON document over HTTPS, trusting the local authority: the issuer of a local stack has no public certificate. */
import { get } from 'node:https';

export type FetchJson = (url: string) => Promise<unknown>;

const TIMEOUT_MS = 10_000;

/** Rejects on any status but 200, on a body that is no JSON, and after 10 s. */
export const fetchJsonTrusting =
  (ca: string): FetchJson =>
  (url) =>
    new Promise((resolve, reject) => {
      const request = get(url, { ca, timeout: TIMEOUT_MS, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode ?? 0}.`));
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString()));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
      request.on('timeout', () => request.destroy(new Error(`${url} did not answer in ${TIMEOUT_MS} ms.`)));
      request.on('error', reject);
    });
