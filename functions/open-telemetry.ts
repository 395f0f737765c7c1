/** Whether and where this deployment is watched. */
import type { Settings } from '../shared/platform/config/env.ts';
import { platformCredential } from '../shared/platform/identity/credential.ts';
import { toTraceParent } from '../shared/platform/telemetry/span.ts';
import { makeTelemetry, noTelemetry, type Telemetry } from '../shared/platform/telemetry/telemetry.ts';

/** In Azure, where a connection is given; elsewhere nobody watches. Loads nothing before there is something to hand over. */
export const openTelemetry = (settings: Settings, now: () => number, randomHex: (bytes: number) => string): Telemetry => {
  if (settings.APP_ENV !== 'azure') return noTelemetry;
  const { APPLICATIONINSIGHTS_CONNECTION_STRING: connection } = settings;
  if (connection === undefined) return noTelemetry;
  const openExporter = async () =>
    (await import('../shared/platform/telemetry/azure-monitor.ts')).azureMonitor(connection, platformCredential(settings));
  return makeTelemetry({ now, randomHex, openExporter });
};

/** The caller's span as a header or a message carries it. */
export const traceParentOf = ({ current }: Telemetry): string | undefined => {
  const context = current();
  return context && toTraceParent(context);
};
