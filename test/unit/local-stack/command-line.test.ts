import { expect, test } from 'vitest';
import { parseOptions, USAGE } from '../../../infra/local/stack/command-line.ts';
import { defaultPorts, PORT_NAMES, PORTS } from '../../../infra/local/stack/ports.ts';

test('runs this app on the documented ports when told nothing', () => {
  expect(parseOptions([], '/the/app')).toEqual({
    dir: '.local',
    fresh: false,
    appDir: '/the/app',
    hosts: 1,
    ports: defaultPorts(),
    upstream: {},
  });
  expect(defaultPorts()).toMatchObject({ host: 7071, upstream: 7443, issuer: 7444, receiver: 7445, serviceBus: 5672, azuriteTable: 10002 });
});

test('moves every port by its own option, and tells of each', () => {
  for (const [n, name] of PORT_NAMES.entries()) {
    const options = parseOptions([PORTS[name].option, `${20_000 + n}`], '');
    expect(options).toMatchObject({ ports: { ...defaultPorts(), [name]: 20_000 + n } });
    expect(USAGE).toContain(PORTS[name].option);
  }
});

test('reads how upstream behaves', () => {
  expect(parseOptions(['--latency-ms', '10-250', '--limit', '1000', '--hosts', '3', '--fresh'], '')).toMatchObject({
    upstream: { latencyMs: { min: 10, max: 250 }, limit: 1000 },
    hosts: 3,
    fresh: true,
  });
  expect(parseOptions(['--latency-ms', '40'], '')).toMatchObject({ upstream: { latencyMs: { min: 40, max: 40 } } });
});

test.each([
  [['--host-port', 'http'], '--host-port'],
  [['--issuer-port', '70000'], '--issuer-port'],
  [['--hosts', '0'], '--hosts'],
  [['--latency-ms', '9-3'], '--latency-ms'],
  [['--limit', '-1'], '--limit'],
  [['--prot', '1'], '--prot'],
])('refuses %j and names the option', (args, option) => {
  expect(() => parseOptions(args, '')).toThrow(option);
});
