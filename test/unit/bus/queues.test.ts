/** The local stack sets its queues up as the product needs them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOCK_DURATION_S, QUEUE_SETTINGS, QUEUES } from '../../../shared/platform/bus/queues.ts';

type Entities = { UserConfig: { Namespaces: { Queues: { Name: string; Properties: Record<string, unknown> }[]; Topics: unknown[] }[] } };

describe('the queues of the local stack', () => {
  const entities = JSON.parse(readFileSync('infra/local/service-bus/entities.json', 'utf8')) as Entities;
  const [namespace] = entities.UserConfig.Namespaces;

  it('are the ones of the product and no others', () => {
    expect(namespace?.Queues.map((queue) => queue.Name).sort()).toEqual(Object.values(QUEUES).sort());
    expect(namespace?.Topics).toEqual([]);
  });

  it.each(namespace?.Queues.map((queue) => [queue.Name, queue.Properties] as const) ?? [])('have its settings: %s', (_, properties) =>
    expect(properties).toMatchObject(QUEUE_SETTINGS),
  );

  it('name one lock duration', () => expect(QUEUE_SETTINGS.LockDuration).toBe(`PT${LOCK_DURATION_S / 60}M`));
});
