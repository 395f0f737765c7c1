/** The options of `npm run demo`. */
import { expect, test } from 'vitest';
import { parseDemoOptions } from '../../../infra/local/demo/command-line.ts';
import { defaultPorts } from '../../../infra/local/stack/ports.ts';

const parse = (...args: string[]) => parseDemoOptions(args, '/app');

test('orders 1,000 numbers of a stack as npm start brings it up, unless told otherwise', () => {
  expect(parse()).toMatchObject({
    numbers: 1000,
    json: false,
    stackOnly: [],
    stack: { dir: '.local', fresh: false, ports: defaultPorts() },
  });
});

test('takes its own options in both forms and passes all others on', () => {
  const options = parse('--host-port', '0', '--numbers', '10000', '--fresh', '--json', '--dir=elsewhere', '--latency-ms', '5-10');
  expect(options).toMatchObject({
    numbers: 10_000,
    json: true,
    stack: { dir: 'elsewhere', fresh: true, ports: { ...defaultPorts(), host: 0 }, upstream: { latencyMs: { min: 5, max: 10 } } },
  });
  expect(parse('--numbers=7')).toMatchObject({ numbers: 7 });
});

test('tells which options only a stack of its own can follow', () => {
  expect(parse('--fresh', '--dir', 'x', '--host-port=0', '--numbers', '1')).toMatchObject({ stackOnly: ['--fresh', '--host-port'] });
});

test.each(['0', '10001', '-1', '1.5', 'many', ''])('refuses to order %j numbers', (count) => {
  expect(() => parse(`--numbers=${count}`)).toThrow('--numbers takes a whole number from 1 to 10000');
});

test('refuses an option that nobody knows, and one without its value', () => {
  expect(() => parse('--nubmers', '5')).toThrow('--nubmers');
  expect(() => parse('--numbers')).toThrow('--numbers takes');
});

test('asks for help', () => {
  expect(parse('--numbers', '5', '--help')).toBe('help');
  expect(parse('-h')).toBe('help');
});
