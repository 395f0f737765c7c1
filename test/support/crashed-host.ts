/** Kills a host like a crash and brings it back, without sitting out the leases that hold its timers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import type { TestStack } from './stack.ts';

/** Where the Functions host keeps one lease for each timer. */
const LEASE_CONTAINER = 'azure-webjobs-hosts';

/** Ends the timers' leases as if their time were up: for 15 s nobody could take them from a host that is no more. */
const expireLeases = async ({ facts }: TestStack): Promise<void> => {
  const container = BlobServiceClient.fromConnectionString(facts.azurite.connectionString).getContainerClient(LEASE_CONTAINER);
  for await (const { name, properties } of container.listBlobsFlat({ prefix: 'locks/' }))
    if (properties.leaseState === 'leased') await container.getBlobClient(name).getBlobLeaseClient().breakLease(0);
};

/** SIGKILL, and the same host again. Its session locks stand until they expire by themselves. */
export const crashAndRestart = async (stack: TestStack): Promise<void> => {
  await stack.killHost();
  await expireLeases(stack);
  await stack.startHost();
};

const queue = (name: string) => ({ Name: name, Properties: { LockDuration: 'PT5S', MaxDeliveryCount: 10, RequiresSession: true } });

/** The product's queues with the shortest locks that Service Bus knows, in a folder of its own. */
export const shortLockEntities = (): { file: string; remove: () => void } => {
  const dir = mkdtempSync(join(tmpdir(), 'entities-'));
  const file = join(dir, 'entities.json');
  const namespace = { Name: 'sbemulatorns', Queues: [queue('provisioning'), queue('webhooks')], Topics: [] };
  writeFileSync(file, JSON.stringify({ UserConfig: { Namespaces: [namespace] } }));
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) };
};
