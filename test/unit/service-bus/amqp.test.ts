/** The pure parts of the wire: tokens, addresses, settlement ranges, sections of a message. */
import { createHmac } from 'node:crypto';
import rhea from 'rhea';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../infra/local/service-bus/amqp/addresses.ts';
import { checkSharedAccess, SAS_TYPE } from '../../../infra/local/service-bus/amqp/authorization.ts';
import { splitBatch, toDelivered, toNewMessage } from '../../../infra/local/service-bus/amqp/codec.ts';
import { messageLockLost } from '../../../infra/local/service-bus/amqp/conditions.ts';
import { toRanges } from '../../../infra/local/service-bus/amqp/dispositions.ts';
import { fromDeliveryTag, fromUuidBytes, toDeliveryTag, toUuidBytes } from '../../../infra/local/service-bus/amqp/lock-token.ts';
import { splitSections } from '../../../infra/local/service-bus/amqp/sections.ts';
import { withoutComments } from '../../../infra/local/service-bus/json-comments.ts';
import { toStored } from '../../../infra/local/service-bus/engine/message.ts';

describe('lock tokens', () => {
  const token = '00112233-4455-6677-8899-aabbccddeeff';
  it('turn into the byte order of a .NET Guid and back', () => {
    expect(toDeliveryTag(token).toString('hex')).toBe('33221100554477668899aabbccddeeff');
    expect(fromDeliveryTag(toDeliveryTag(token))).toBe(token);
    expect(fromUuidBytes(toUuidBytes(token))).toBe(token);
  });
});

describe('settlement answers', () => {
  it('share a range only as neighbours that are all accepted', () => {
    const lost = messageLockLost;
    const verdicts = [
      { id: 0, verdict: undefined },
      { id: 1, verdict: lost },
      { id: 2, verdict: undefined },
      { id: 3, verdict: undefined },
      { id: 5, verdict: undefined },
      { id: 6, verdict: lost },
      { id: 7, verdict: lost },
    ];
    expect(toRanges(verdicts).map(({ first, last, verdict }) => [first, last, verdict === lost])).toEqual([
      [0, 0, false],
      [1, 1, true],
      [2, 3, false],
      [5, 5, false],
      [6, 6, true],
      [7, 7, true],
    ]);
  });
});

describe('addresses', () => {
  it.each([
    ['$cbs', { kind: 'cbs' }],
    ['jobs', { kind: 'entity', path: 'jobs' }],
    ['/a/b', { kind: 'entity', path: 'a/b' }],
    ['amqps://localhost:5671/jobs/$DeadLetterQueue', { kind: 'entity', path: 'jobs/$DeadLetterQueue' }],
    ['jobs/$management', { kind: 'management', path: 'jobs' }],
    ['', undefined],
    [null, undefined],
  ])('%s', (address, expected) => expect(parseAddress(address)).toEqual(expected));
});

describe('shared access signatures', () => {
  const KEY = { name: 'root', key: 'secret' };
  const NOW_MS = 1_800_000_000_000;
  const audience = 'sb://host:1/jobs/$management';
  const sign = (resource: string, expiryS: number, { name, key } = KEY): string => {
    const sr = encodeURIComponent(resource);
    const sig = encodeURIComponent(createHmac('sha256', key).update(`${sr}\n${expiryS}`).digest('base64'));
    return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expiryS}&skn=${name}`;
  };
  const check = (token: string): string => checkSharedAccess({ type: SAS_TYPE, token, audience }, KEY, NOW_MS).kind;
  const later = NOW_MS / 1000 + 60;

  it('open what they are signed for and all below it', () => {
    expect(check(sign(audience, later))).toBe('authorized');
    expect(check(sign('sb://host:1/jobs', later))).toBe('authorized');
    expect(check(sign('sb://host:1/', later))).toBe('authorized');
  });

  it('open nothing else, nothing afterwards, and nothing with another key or name', () => {
    expect(check(sign('sb://host:1/job', later))).toBe('refused');
    expect(check(sign(audience, NOW_MS / 1000))).toBe('refused');
    expect(check(sign(audience, later, { ...KEY, key: 'other' }))).toBe('refused');
    expect(check(sign(audience, later, { ...KEY, name: 'other' }))).toBe('refused');
    expect(check('SharedAccessSignature nonsense')).toBe('refused');
  });
});

describe('messages', () => {
  const encode = (fields: object): Buffer => rhea.message.encode(fields);

  it('fall into sections that make up the whole', () => {
    const bytes = encode({ body: 'x'.repeat(300), message_id: 'm', application_properties: { a: 1 }, message_annotations: { b: 2 } });
    const sections = splitSections(bytes);
    expect(sections.map(({ code }) => code)).toEqual([0x70, 0x72, 0x73, 0x74, 0x77]);
    expect(Buffer.concat(sections.map((section) => section.bytes)).equals(bytes)).toBe(true);
  });

  it('keep their body byte for byte on the way', () => {
    const bytes = encode({ body: rhea.message.data_section(Buffer.from('body')) as unknown, message_id: 'm', header: {} });
    const stored = toStored(
      toNewMessage(bytes, () => 'none'),
      7,
      1000,
      5000,
    );
    const delivered = toDelivered({ ...stored, deliveryCount: 2 }, 3000);
    expect(delivered.subarray(-10).equals(bytes.subarray(-10))).toBe(true);
    expect(rhea.message.decode(delivered)).toMatchObject({
      message_id: 'm',
      delivery_count: 2,
      ttl: 5000,
      message_annotations: { 'x-opt-sequence-number': 7, 'x-opt-enqueued-time': new Date(1000), 'x-opt-locked-until': new Date(3000) },
    });
  });

  it('get an id where they have none, and keep every other property', () => {
    const without = toNewMessage(encode({ body: 1, group_id: 's', subject: 'x' }), () => 'made');
    expect(without).toMatchObject({ messageId: 'made', sessionId: 's' });
    expect(rhea.message.decode(without.content)).toMatchObject({ message_id: 'made', group_id: 's', subject: 'x', body: 1 });
    expect(toNewMessage(encode({ body: 1 }), () => 'made').messageId).toBe('made');
  });

  it('come one by one out of a batch', () => {
    const parts = [encode({ body: 'a', message_id: '1' }), encode({ body: 'b', message_id: '2' })];
    const envelope = encode({ body: rhea.message.data_sections(parts) as unknown });
    expect(splitBatch(envelope).map((part) => part.toString('hex'))).toEqual(parts.map((part) => part.toString('hex')));
  });

  it.each([
    ['no AMQP', 'hello'],
    ['cut off', '\u0000Sw\u00a1\u0009abc'],
  ])('that are %s are refused', (_name, text) => {
    expect(() => splitSections(Buffer.from(text, 'latin1'))).toThrow(RangeError);
  });
});

it('comments go, what looks like one inside a text stays', () => {
  expect(JSON.parse(withoutComments('{ "a": "http://x/*y*/", // z\n "b": /* c */ "\\"//" }'))).toEqual({ a: 'http://x/*y*/', b: '"//' });
});
