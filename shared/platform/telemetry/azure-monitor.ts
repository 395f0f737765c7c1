/** Telemetry to Application Insights, signed in by identity. Loaded for the first hand-over (see telemetry.ts). */
import type { TokenCredential } from '@azure/identity';
import { AzureMonitorMetricExporter, AzureMonitorTraceExporter } from '@azure/monitor-opentelemetry-exporter';
import { otelExporter } from './otel-exporter.ts';
import type { TelemetryExporter } from './telemetry.ts';

export const azureMonitor = (connectionString: string, credential: TokenCredential): TelemetryExporter => {
  const options = { connectionString, credential, disableOfflineStorage: true };
  return otelExporter({
    spans: new AzureMonitorTraceExporter(options),
    metrics: new AzureMonitorMetricExporter(options),
    serviceName: 'acg-provisioning-facade',
  });
};
