/** Values that no log, no span and no metric may hold, each made up for this proof alone, and how a text is searched for them. */
import { BLOCK_OF } from './cast.ts';

const SECRET_BYTES = 'canary-of-a-webhook-signing-key!';
const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;

export const CANARY = {
  secret: secretOf(SECRET_BYTES),
  newSecret: secretOf(SECRET_BYTES.toUpperCase()),
  deliveryHeader: 'canaryDeliveryHeader5f1',
  urlToken: 'canaryUrlToken77b',
  sipHeader: 'canarySipHeader3c9',
  txtToken: 'canaryTxtToken91c4',
  accessToken: 'canaryClaims8aa.canarySignature2e7',
  badToken: 'canaryForged6d3.canaryForgedClaims.canaryForgedSignature',
  password: 'canaryBasicUser:canaryBasicPassword',
  badApiKey: `acg_canaryApiKey${'7'.repeat(31)}`,
  comment: 'canaryComment of what was agreed',
  contactName: 'Canaria Quetzalcoatl',
  contactEmail: 'canaria.q@canary-customer.example',
  contactPhone: '+441632004713',
  company: 'Canary Quarries Limited',
  receiverSaid: 'canaryReceiverAnswer2b8',
} as const;

/** The partner's own, who finds it again in events. */
export const IDEMPOTENCY_KEY = 'canaryIdempotencyKey04d';

/** The last of them fails at the gateway. */
export const NUMBERS = ['4711', '4712', '4713', '4091'].map((last) => `+${BLOCK_OF.acme}${last}`);
/** Of nobody. */
export const UNALLOCATED = '+447700900471';

export type Needle = { what: string; text: string };

/** The number without its country says as much. */
const ofNumber = (what: string, number: string): Needle => ({ what, text: number.slice(3) });
const ofSecret = (what: string, secret: string): Needle[] => [
  { what, text: secret.slice('whsec_'.length) },
  { what: `${what} in the clear`, text: Buffer.from(secret.slice('whsec_'.length), 'base64').toString() },
];

/** Of a secret its text and its bytes, of a token each of its parts. */
const needlesOf = ([what, text]: [string, string]): Needle[] => {
  if (text.startsWith('whsec_')) return ofSecret(what, text);
  return text.startsWith('+') ? [ofNumber(what, text)] : text.split(/[.:](?=canary)/).map((part) => ({ what, text: part }));
};

/** Stands in no event either. */
export const PRIVATE_NEEDLES: readonly Needle[] = Object.entries(CANARY).flatMap(needlesOf);

/** Partners may read these in events. */
export const PARTNER_NEEDLES: readonly Needle[] = [
  { what: 'idempotencyKey', text: IDEMPOTENCY_KEY },
  ...[...NUMBERS, UNALLOCATED].map((number) => ofNumber(`number ${number}`, number)),
];

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Which of the needles stand in which texts, as they are or percent-encoded, in whatever case. */
export const leaksIn = (texts: readonly string[], needles: readonly Needle[]): string[] =>
  texts.flatMap((text) => {
    const seen = `${text}\n${unescaped(text)}`.toLowerCase();
    return needles.filter((needle) => seen.includes(needle.text.toLowerCase())).map(({ what }) => `${what}: ${text.slice(0, 400)}`);
  });
