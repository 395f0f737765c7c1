/** Starts Functions hosts in the test's process, with functions registered by the test, and ends them all. */
import { startHost } from '../../infra/local/host/host.ts';
import type { Host, StartHostOptions } from '../../infra/local/host/host.ts';

export type Hosts = {
  /** Starts a host over functions that `register` adds with the real `app`. */
  start: (register: () => void, options?: Partial<StartHostOptions>) => Promise<Host & { logs: string[] }>;
  closeAll: () => Promise<void>;
};

export const createHosts = (): Hosts => {
  const started: Host[] = [];
  return {
    start: async (register, options = {}) => {
      const logs: string[] = [];
      const host = await startHost({ app: { register }, environment: {}, log: (message) => void logs.push(message), ...options });
      started.push(host);
      return { ...host, logs };
    },
    closeAll: async () => {
      await Promise.all(started.splice(0).map((host) => host.close()));
    },
  };
};

/** Resolves when `condition` holds; throws after the limit, naming what was waited for. */
export const until = async (what: string, condition: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> => {
  const endMs = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`Waited ${limitMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
