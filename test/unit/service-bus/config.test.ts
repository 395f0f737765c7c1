/** The configuration file: defaults, limits, and refusals that name the field. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../infra/local/service-bus/config.ts';

const withQueues = (...queues: unknown[]): string =>
  JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: queues, Topics: [] }], Logging: { Type: 'File' } } });

const problemsOf = (text: string): string[] => {
  const result = readConfig(text);
  return result.kind === 'refused' ? result.problems : [];
};

const AT = 'UserConfig.Namespaces[0].Queues[0]';

it('names the two queues of the product, with sessions and without duplicate detection', () => {
  const file = new URL('../../../infra/local/service-bus/entities.json', import.meta.url);
  const expected = { requiresSession: true, lockDurationMs: 60_000, maxDeliveryCount: 10, defaultTtlMs: 3_600_000, duplicateWindowMs: 0 };
  expect(readConfig(readFileSync(file, 'utf8'))).toMatchObject({
    kind: 'read',
    entities: [
      { name: 'provisioning', ...expected },
      { name: 'webhooks', ...expected },
    ],
  });
});

it("fills in the official emulator's defaults and reads past comments", () => {
  const text = `// entities\n${withQueues({ Name: 'a/b//c' })} /* end */`;
  expect(readConfig(text)).toEqual({
    kind: 'read',
    entities: [
      {
        name: 'a/b//c',
        lockDurationMs: 60_000,
        maxDeliveryCount: 3,
        defaultTtlMs: 3_600_000,
        duplicateWindowMs: 0,
        requiresSession: false,
        deadLetterOnExpiration: false,
        forwardTo: '',
        forwardDeadLetteredTo: '',
      },
    ],
  });
});

describe('a wrong file is refused by the path of its field', () => {
  const cases: [string, unknown, string][] = [
    ['a lock that is too short', { Name: 'q', Properties: { LockDuration: 'PT4S' } }, `${AT}.Properties.LockDuration: `],
    ['a lock that is too long', { Name: 'q', Properties: { LockDuration: 'PT5M1S' } }, `${AT}.Properties.LockDuration: `],
    ['no duration', { Name: 'q', Properties: { DefaultMessageTimeToLive: '1h' } }, `${AT}.Properties.DefaultMessageTimeToLive: `],
    [
      'parts of seconds',
      { Name: 'q', Properties: { DefaultMessageTimeToLive: 'PT300.5S' } },
      `${AT}.Properties.DefaultMessageTimeToLive: `,
    ],
    ['too many deliveries', { Name: 'q', Properties: { MaxDeliveryCount: 11 } }, `${AT}.Properties.MaxDeliveryCount: `],
    ['a text for a boolean', { Name: 'q', Properties: { RequiresSession: 'yes' } }, `${AT}.Properties.RequiresSession: `],
    ['an unknown property', { Name: 'q', Properties: { MaxSize: 1 } }, `${AT}.Properties: `],
    ['a bad name', { Name: '-q' }, `${AT}.Name: `],
    ['forwarding to nobody', { Name: 'q', Properties: { ForwardTo: 'x' } }, `${AT}.Properties.ForwardTo: `],
    [
      'forwarding to itself',
      { Name: 'q', Properties: { ForwardDeadLetteredMessagesTo: 'Q' } },
      `${AT}.Properties.ForwardDeadLetteredMessagesTo: `,
    ],
  ];
  it.each(cases)('%s', (_name, queue, start) => {
    const problems = problemsOf(withQueues(queue));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(start);
  });

  it('a name used twice, whatever its case', () => {
    expect(problemsOf(withQueues({ Name: 'q' }, { Name: 'Q' }))[0]).toContain('Queues[1].Name: ');
  });

  it('topics, which this emulator has none of', () => {
    const text = JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: [], Topics: [{ Name: 't' }] }] } });
    expect(problemsOf(text)).toEqual(['UserConfig.Namespaces[0].Topics: topics are not supported by this emulator']);
  });

  it('another namespace, and no JSON at all', () => {
    const text = JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'mine', Queues: [], Topics: [] }] } });
    expect(problemsOf(text)[0]).toContain('UserConfig.Namespaces[0].Name: ');
    expect(problemsOf('{')[0]).toContain('not JSON');
  });
});
