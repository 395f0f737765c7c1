/** Starts the emulator in this process: builds its world, opens its port, and ends it again. */
import { randomUUID } from 'node:crypto';
import type { Certificates } from '../lib/certificates.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { silentLog, type Log } from '../lib/log.ts';
import { tokenChecker } from './auth/check-token.ts';
import { fetchJsonTrusting, type FetchJson } from './auth/fetch-json.ts';
import { issuerKeys } from './auth/issuer-keys.ts';
import { createOwnIssuer } from './auth/own-issuer.ts';
import type { Controlled } from './control/commands.ts';
import { createRequestLog } from './http/request-log.ts';
import { openListeners } from './listeners.ts';
import type { Api } from './pipeline/serve.ts';
import { rollingLimit } from './protocol/rolling-limit.ts';
import { keeping, receiver } from './receive.ts';
import { DEFAULT_SETTINGS, settingsSchema, type Range, type Settings } from './settings.ts';
import { seedSample } from './sample-data.ts';
import { openState } from './store/open-state.ts';
import type { Store } from './store/store.ts';
import { dueQueue } from './sync/due-queue.ts';
import { settle } from './sync/settle.ts';
import { scheduleAll } from './sync/write-record.ts';
import type { World } from './world.ts';

/** The one scope of every gateway, without `/.default` (azure-rest-api-specs voiceservices 2024-02-29-preview, OAuth2Auth). */
export const DEFAULT_AUDIENCE = 'https://func-voiceservice-rp-prod-eastuseuap.azurewebsites.net';

export type UpstreamOptions = {
  /** 0 takes a free one. */
  port: number;
  certificates: Certificates;
  /** Without an issuer (v2 base URL) the emulator is its own and `issueToken` gives tokens. */
  auth?: { issuer?: string | undefined; audience?: string | undefined; fetchJson?: FetchJson } | undefined;
  clock?: Clock | undefined;
  log?: Log | undefined;
  /** How long a write stays pending, in ms. */
  latency?: Range | undefined;
  /** Calls in any rolling 60 s. */
  limit?: number | undefined;
  /** Opens /__control/ to everybody on this machine. */
  control?: boolean | undefined;
  /** Any other switch. */
  settings?: Partial<Settings> | undefined;
  /** Folder that keeps accounts, numbers, RFIs and remembered answers; switches, rules and faults are not kept. */
  dataDir?: string | undefined;
  /** Begins with one RFI when it has none. */
  sample?: boolean | undefined;
  /** In [0, 1); seeded by tests. */
  random?: (() => number) | undefined;
};

export type Upstream = {
  url: string;
  port: number;
  /** Only when the emulator is its own issuer. */
  issueToken?: ((roles?: readonly string[]) => Promise<string>) | undefined;
  /** Brings background steps up to now; requests do it by themselves. */
  settle: () => void;
  close: () => Promise<void>;
};

const toSettings = ({ latency, limit, settings }: UpstreamOptions): Settings =>
  settingsSchema.parse({
    ...DEFAULT_SETTINGS,
    ...(latency ? { latencyMs: latency } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...settings,
  });

const createWorld = (options: UpstreamOptions, store: Store, now: () => number): World => {
  const world: World = {
    store,
    due: dueQueue(),
    settings: toSettings(options),
    rules: [],
    now,
    random: options.random ?? Math.random,
  };
  scheduleAll(world);
  return world;
};

/** Resolves when the port answers. Rejects with PortTaken, or with the settings that are wrong. */
export const startUpstream = async (options: UpstreamOptions): Promise<Upstream> => {
  const { certificates, auth, clock = systemClock, log = silentLog } = options;
  const skew = { ms: 0 };
  const state = openState(options.dataDir);
  const world = createWorld(options, state.store, () => clock.now() + skew.ms);
  if (options.sample) seedSample(world);
  const audience = auth?.audience ?? DEFAULT_AUDIENCE;
  const own = auth?.issuer === undefined ? await createOwnIssuer(audience, clock.now) : undefined;
  const keys = own ?? issuerKeys(auth?.issuer ?? '', auth?.fetchJson ?? fetchJsonTrusting(certificates.ca));
  const api: Api = {
    world,
    memory: state.memory,
    log: createRequestLog(),
    limit: rollingLimit(),
    faults: [],
    checkToken: tokenChecker(keys, audience, clock.now),
    clock,
    newId: randomUUID,
    previousPage: undefined,
    regionFailure: undefined,
  };
  const controlled: Controlled = {
    api,
    initialSettings: world.settings,
    skew,
    issueToken: own?.issueToken,
    openSecondRegion: () => listeners.openSecond(),
  };
  const control = options.control ? controlled : undefined;
  const listeners = await openListeners(options.port, {
    certificates,
    clock,
    log,
    first: keeping(state.flush, receiver(api, log, control, true)),
    second: keeping(state.flush, receiver(api, log, control, false)),
  });
  return {
    url: listeners.url,
    port: listeners.port,
    issueToken: own?.issueToken,
    settle: () => settle(world),
    close: async () => {
      await listeners.close();
      state.flush();
    },
  };
};
