/** What the templates must agree with: taken from the code and the files beside them, never copied. */
import { readFileSync } from 'node:fs';
import { LONGEST_MS } from '../../../shared/operations/work-lane.ts';
import { QUEUE_SETTINGS, QUEUES } from '../../../shared/platform/bus/queues.ts';
import { azureSettings } from '../../../shared/platform/config/env.ts';
import { METRICS } from '../../../shared/platform/telemetry/metrics.ts';

export type HostJson = {
  functionTimeout: string;
  extensions: { http: { routePrefix: string }; serviceBus: { maxAutoLockRenewalDuration: string; sessionIdleTimeout: string } };
};

export type Facts = {
  queueNames: string[];
  queueSettings: Record<string, string | number | boolean>;
  /** Names of the azure branch, and those without which the app does not start. */
  settings: { known: string[]; required: string[] };
  metricNames: string[];
  nodeVersion: string;
  hostJson: HostJson;
  longestHandlerMs: number;
  azureYaml: string;
  readme: string;
};

const text = (file: string): string => readFileSync(file, 'utf8');

export const readFacts = (): Facts => {
  const shape = Object.entries(azureSettings.shape);
  return {
    queueNames: Object.values(QUEUES),
    queueSettings: QUEUE_SETTINGS,
    settings: {
      known: shape.map(([name]) => name),
      required: shape.filter(([, schema]) => !schema.safeParse(undefined).success).map(([name]) => name),
    },
    metricNames: Object.keys(METRICS),
    nodeVersion: text('.node-version').trim().split('.')[0] ?? '',
    hostJson: JSON.parse(text('host.json')) as HostJson,
    longestHandlerMs: LONGEST_MS,
    azureYaml: text('azure.yaml'),
    readme: text('infra/README.md'),
  };
};
