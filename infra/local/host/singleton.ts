/** Keeps a listener running on one host at a time: by a lease on a shared blob, or alone in this process without storage. */
import type { Clock } from '../lib/clock.ts';
import { inBackground, type Background } from './background.ts';
import type { HostStorage } from './host-storage.ts';
import type { Outage } from './outage.ts';
import { pause } from './pause.ts';

/** What runs while the lease is held. `stop` resolves when nothing of it runs any more. */
export type Exclusive = Background;

export type SingletonOptions = {
  /** host.json `singleton.listenerLockPeriod`: a host that dies keeps the others out for so long. */
  lockPeriodMs: number;
  /** host.json `singleton.listenerLockRecoveryPollingInterval`: how often the others try. */
  pollIntervalMs: number;
};

export type Singleton = Background;

/** A singleton without storage. */
export const aloneInProcess = (work: Exclusive): Singleton => work;

/** A singleton by the lease of the blob at `path`. The lease is given up only after the work has stopped. */
export const leaseSingleton = (
  storage: HostStorage,
  path: string,
  work: Exclusive,
  { lockPeriodMs, pollIntervalMs }: SingletonOptions,
  { clock, outage }: { clock: Clock; outage: Outage },
): Singleton => {
  const tryAcquire = async (): Promise<string | undefined> => {
    try {
      const leaseId = await storage.acquire(path, Math.round(lockPeriodMs / 1000));
      outage.worked();
      return leaseId;
    } catch (error) {
      outage.failed(error);
      return undefined;
    }
  };
  /** Renews until told to stop (true) or until the lease is lost (false). */
  const keep = async (leaseId: string, signal: AbortSignal): Promise<boolean> => {
    for (;;) {
      await pause(clock, lockPeriodMs / 2, signal);
      if (signal.aborted) return true;
      if (!(await storage.renew(path, leaseId).catch(() => false))) return false;
    }
  };
  return inBackground(async (signal) => {
    while (!signal.aborted) {
      const leaseId = await tryAcquire();
      if (leaseId === undefined) {
        await pause(clock, pollIntervalMs, signal);
        continue;
      }
      work.start();
      const ours = await keep(leaseId, signal);
      await work.stop();
      if (ours) await storage.release(path, leaseId).catch(() => undefined);
    }
  });
};
