import { InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { deadLetters } from '../../../functions/queue/dead-letters.ts';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';

const logged = async (message: unknown, triggerMetadata = {}): Promise<Record<string, unknown>[]> => {
  const lines: Record<string, unknown>[] = [];
  const logHandler = (level: string, ...parts: unknown[]) =>
    void lines.push({ level, ...(JSON.parse(String(parts[0])) as Record<string, unknown>) });
  const context = new InvocationContext({ functionName: 'test', invocationId: 'one', logHandler, triggerMetadata });
  await deadLetters('provisioning-dead-letters', 'provisioning').handler(message, context);
  return lines;
};

it('listens to the dead letters of its queue, which have no sessions', () =>
  expect(deadLetters('provisioning-dead-letters', 'provisioning')).toMatchObject({
    queueName: 'provisioning/$deadletterqueue',
    sessions: false,
  }));

it('logs queue, lane and reason as an error', async () => {
  const wake = toWakeBody({ kind: 'lane', lane: 'acc.acme-contoso' });
  const metadata = { applicationProperties: { DeadLetterReason: 'MaxDeliveryCountExceeded' } };
  expect(await logged(wake, metadata)).toMatchObject([
    { level: 'error', queue: 'provisioning', lane: 'acc.acme-contoso', reason: 'MaxDeliveryCountExceeded' },
  ]);
});

it('logs no body, of a message that is no wake either', async () => {
  const [line] = await logged({ secret: 'whsec_1', number: '+441632960000' });
  expect(line).toMatchObject({ queue: 'provisioning', kind: 'unknown', reason: 'unknown' });
  expect(JSON.stringify(line)).not.toMatch(/whsec|441632/);
});
