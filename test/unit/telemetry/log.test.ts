import { expect, test } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { errorFields, structuredLog, type LogFields } from '../../../shared/platform/telemetry/log.ts';
import { mask } from '../../../shared/platform/telemetry/mask.ts';

const captured = () => {
  const lines: string[] = [];
  const write = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  return { lines, sink: { info: write('info'), warn: write('warn'), error: write('error') } };
};

test('writes one JSON line with the fields of the log and of the entry', () => {
  const { lines, sink } = captured();
  structuredLog(sink, { requestId: 'r1' })('warn', 'answered', { route: 'GET me', status: 200 });
  expect(lines).toEqual(['warn {"message":"answered","requestId":"r1","route":"GET me","status":200}']);
});

test('drops fields that are not on the list, whatever the types say', () => {
  const { lines, sink } = captured();
  structuredLog(sink)('info', 'x', { body: 'private', contact: 'Ada', orderId: 'o1' } as LogFields);
  expect(lines).toEqual(['info {"message":"x","orderId":"o1"}']);
});

test.each([
  ['/accounts/a/numbers/+441632960117', '/accounts/a/numbers/+44*******17'],
  ['/accounts/a/numbers/%2B441632960117?x', '/accounts/a/numbers/%2B44*******17?x'],
  ['num|lane|441632960117', 'num|lane|44*******17'],
  ['There is no 441632960117.', 'There is no 44*******17.'],
  ['{"number":441632960117}', '{"number":44*******17}'],
  ['from 441632960100-441632960199', 'from 44*******00-44*******99'],
  ['customer-441632960117', 'customer-44*******17'],
  ['tel_441632960117_b', 'tel_44*******17_b'],
  ['mail ada.lovelace@example.com now', 'mail [email] now'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: [secret]'],
  ['Endpoint=sb://x/;SharedAccessKey=abc+/=;Other=1', 'Endpoint=sb://x/;[secret];Other=1'],
  ['token eyJhbGciOiJub25lIn0.eyJhIjoxfQ.', 'token [secret]'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[secret]'],
])('masks %s', (text, expected) => {
  expect(mask(text)).toBe(expected);
});

test.each([
  '2026-11-22T04:36:52.123Z',
  '2026-11-22T04:36:52.12345678Z',
  '44163296-2222-4222-8222-441632960117',
  'rfi|44163296-2222-4222-8222-441632960117|a',
  'd441632960117e',
  '0b6f4c1d9e2a44f18a6b1c2d3e4f5a6b',
  'a3|0000000012',
  'POST number-orders/{orderId}',
  '2026-11-01',
])('leaves %s as it is', (text) => {
  expect(mask(text)).toBe(text);
});

test('tells an error by name, code, place and masked message, with its cause', () => {
  const { lines, sink } = captured();
  const thrown = new AppError('UpstreamRejected', { message: 'No +441632960117', cause: new TypeError('for ada@example.com') });
  structuredLog(sink)('error', 'failed', errorFields(thrown));
  const entry = JSON.parse(lines[0]?.replace('error ', '') ?? '') as Record<string, string>;
  expect(entry).toMatchObject({
    errorName: 'AppError',
    errorCode: 'UpstreamRejected',
    errorMessage: 'No +44*******17 <- TypeError: for [email]',
  });
  expect(entry['errorStack']).toContain('log.test.ts');
});

test('says only the type of what was thrown when it is no error', () => {
  expect(errorFields('+441632960117')).toEqual({ errorName: 'string' });
});
