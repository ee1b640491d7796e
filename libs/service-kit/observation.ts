import type { Configuration } from './configuration.js';
import type { ReadyState } from './health.js';

/** How a service shows itself to those who run it. */
export interface Observation {
  /** Where `/metrics`, `/livez` and `/readyz` are; null when no admin port is configured. */
  adminUrl: string | null;
  /** Sends the last spans and stops listening. To be called last, so that the end of a service can be watched too. */
  stop(): Promise<void>;
}

/**
 * The first and the last thing of a service: traces and the admin port, each if it is configured; what is off is not
 * even loaded.
 * @param service such as `gateway`
 * @param ready asked at every `/readyz`, also while the service is still starting
 */
export async function startObservation(
  { host, adminPort, traceCollectorUrl }: Pick<Configuration, 'host' | 'adminPort' | 'traceCollectorUrl'>,
  service: string,
  ready: () => Promise<ReadyState>,
): Promise<Observation> {
  const admin =
    adminPort === null
      ? null
      : await (await import('./admin-server.js')).startAdminServer({ host, port: adminPort, ready });
  const stopTracing =
    traceCollectorUrl === null ? null : await (await import('./tracing.js')).startTracing(traceCollectorUrl, service);
  return {
    adminUrl: admin?.url ?? null,
    stop: async () => {
      await stopTracing?.();
      await admin?.close();
    },
  };
}
