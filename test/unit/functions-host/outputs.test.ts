/** Output bindings: what is sent, and what a failure to send does. */
import { app, output } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { toMessages } from '../../../infra/local/host/outputs.ts';
import type { SendMessages } from '../../../infra/local/host/outputs.ts';
import { createHosts } from '../../support/functions-host.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

const texts = (messages: readonly { body: Uint8Array }[]): string[] => messages.map(({ body }) => Buffer.from(body).toString());

const recorder = () => {
  const sent: { entity: string; connection: string; bodies: string[] }[] = [];
  const send: SendMessages = async (entity, connection, messages) => void sent.push({ entity, connection, bodies: texts(messages) });
  return { sent, send };
};

describe('an output value', () => {
  it.each([
    [undefined, []],
    [null, []],
    [{ string: 'text' }, ['text']],
    [{ json: '{"a":1}' }, ['{"a":1}']],
    [{ json: '["a",{"b":1},2]' }, ['a', '{"b":1}', '2']],
    [{ json: '[]' }, []],
    [{ int: 5 }, ['5']],
    [{ bytes: Buffer.from('raw') }, ['raw']],
  ])('%o is sent as %o', (data, expected) => expect(texts(toMessages(data))).toEqual(expected));
});

describe('a function with outputs', () => {
  it('sends its return value and its extra outputs, with names from settings', async () => {
    const { sent, send } = recorder();
    const extra = output.serviceBusTopic({ topicName: 'news', connection: 'BUS' });
    const host = await hosts.start(
      () =>
        app.timer('tick', {
          schedule: '0 0 0 1 1 *',
          return: output.serviceBusQueue({ queueName: '%QUEUE%', connection: 'BUS' }),
          extraOutputs: [extra],
          handler: (_timer, context) => {
            context.extraOutputs.set(extra, 'headline');
            return [{ n: 1 }, { n: 2 }];
          },
        }),
      { send, environment: { QUEUE: 'work' } },
    );
    expect((await host.invoke('tick')).kind).toBe('succeeded');
    expect(sent).toEqual([
      { entity: 'work', connection: 'BUS', bodies: ['{"n":1}', '{"n":2}'] },
      { entity: 'news', connection: 'BUS', bodies: ['headline'] },
    ]);
  });

  it('sends nothing when it fails, and fails when sending does', async () => {
    const { sent, send } = recorder();
    const extra = output.serviceBusQueue({ queueName: 'work', connection: 'BUS' });
    const register = (name: string, fails: boolean) => () =>
      app.get(name, {
        extraOutputs: [extra],
        handler: async (_request, context) => {
          context.extraOutputs.set(extra, 'x');
          if (fails) throw new Error('after setting');
          return { body: 'done' };
        },
      });
    const failing = await hosts.start(register('throws', true), { send });
    expect((await fetch(`${failing.url}/api/throws`)).status).toBe(500);
    expect(sent).toEqual([]);
    const unsendable = await hosts.start(register('unsent', false), { send: () => Promise.reject(new Error('the bus is away')) });
    expect((await fetch(`${unsendable.url}/api/unsent`)).status).toBe(500);
  });

  it('of a kind that this host has not does not start', async () => {
    const extra = output.storageQueue({ queueName: 'q', connection: 'S' });
    const register = () => app.get('x', { extraOutputs: [extra], handler: async () => ({ body: '' }) });
    await expect(hosts.start(register)).rejects.toThrow('this host has no binding queue (out)');
  });
});
