/** Everyone a run talks to: the API as a partner and as the operator, and the control paths of the two emulators. */
import { z } from 'zod';
import type { StackFacts } from '../stack/facts.ts';
import { client, fetchToken, type Client } from './client.ts';

export type Connections = {
  partner: Client;
  operator: Client;
  /** Control calls are not counted as requests. */
  upstreamControl: Client;
  receiverControl: Client;
  /** Where the receiver takes the deliveries of a hook. */
  hookUrl: (hook: string) => string;
};

/** For answers of which only the success counts. */
export const anything = z.unknown();

/** Gets the tokens; throws Refused. */
export const connect = async (facts: StackFacts, partnerId: string): Promise<Connections> => {
  const { apiUrl, upstream, receiver, credentials } = facts;
  const partner = credentials.partners.find(({ id }) => id === partnerId);
  if (partner === undefined) throw new Error(`The stack has no partner ${partnerId}.`);
  const [partnerToken, operatorToken] = await Promise.all([fetchToken(partner), fetchToken(credentials.operator)]);
  return {
    partner: client(apiUrl, partnerToken),
    operator: client(apiUrl, operatorToken),
    upstreamControl: client(`${upstream.url}/__control`),
    receiverControl: client(`${receiver.url}/__control`),
    hookUrl: (hook) => `${receiver.url}/hooks/${hook}`,
  };
};
