/** The blobs that hosts of one app share: leases that make timers singletons, and timer status. */

/** Paths are within the host's container. Errors mean that the storage cannot be reached. */
export type HostStorage = {
  read: (path: string) => Promise<string | undefined>;
  write: (path: string, text: string) => Promise<void>;
  /** A lease's id, or undefined while somebody else holds it. */
  acquire: (path: string, seconds: number) => Promise<string | undefined>;
  /** False when the lease is not ours any more. */
  renew: (path: string, leaseId: string) => Promise<boolean>;
  release: (path: string, leaseId: string) => Promise<void>;
};
