/** Host storage in blobs, where AzureWebJobsStorage says. */
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { HostStorage } from './host-storage.ts';
import { createCredential } from './identity-credential.ts';
import type { Environment } from './settings.ts';

const SETTING = 'AzureWebJobsStorage';
/** The real host's container. */
const CONTAINER = 'azure-webjobs-hosts';

/** Undefined when no storage is set: then timers are singletons within this process alone and remember nothing. */
export const openBlobStorage = async (environment: Environment): Promise<HostStorage | undefined> => {
  const service = await connect(environment);
  return service && toHostStorage(service.getContainerClient(CONTAINER));
};

const connect = async (environment: Environment): Promise<BlobServiceClient | undefined> => {
  const connectionString = environment[SETTING];
  const account = environment[`${SETTING}__accountName`];
  const uri = environment[`${SETTING}__blobServiceUri`] ?? (account && `https://${account}.blob.core.windows.net`);
  if (!connectionString && !uri) return undefined;
  const sdk = await import('@azure/storage-blob');
  // The caller tries again by itself; the default would keep a start waiting for minutes.
  const options = { retryOptions: { maxTries: 1, tryTimeoutInMs: 5000 } };
  if (connectionString) return sdk.BlobServiceClient.fromConnectionString(connectionString, options);
  return new sdk.BlobServiceClient(uri ?? '', await createCredential(SETTING, environment), options);
};

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number } | undefined)?.statusCode;

const toHostStorage = (container: ContainerClient): HostStorage => {
  const blob = (path: string) => container.getBlockBlobClient(path);
  /** Makes the container on its first use and the blob when it is missing; one that is there, leased or not, stays. */
  const ensureBlob = async (path: string): Promise<void> => {
    await container.createIfNotExists();
    try {
      await blob(path).upload('', 0, { conditions: { ifNoneMatch: '*' } });
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
    }
  };
  return {
    read: async (path) => {
      try {
        return (await blob(path).downloadToBuffer()).toString('utf8');
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    write: async (path, text) => {
      await container.createIfNotExists();
      await blob(path).upload(text, Buffer.byteLength(text));
    },
    acquire: async (path, seconds) => {
      await ensureBlob(path);
      try {
        return (await blob(path).getBlobLeaseClient().acquireLease(seconds)).leaseId;
      } catch (error) {
        if (statusOf(error) === 409) return undefined;
        throw error;
      }
    },
    renew: async (path, leaseId) => {
      try {
        await blob(path).getBlobLeaseClient(leaseId).renewLease();
        return true;
      } catch (error) {
        if (statusOf(error) === 409) return false;
        throw error;
      }
    },
    release: async (path, leaseId) => {
      await blob(path).getBlobLeaseClient(leaseId).releaseLease();
    },
  };
};
