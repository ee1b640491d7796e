import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const exportTimeoutMs = 5_000;
const exportIntervalMs = 1_000;
const queuedSpans = 8_192;

/**
 * The heavy part of tracing, loaded only when it is on. A collector that is away costs the spans and nothing else.
 * @returns sends what is left, for at most some seconds, and ends it
 */
export function startExport(collectorUrl: string, service: string): () => Promise<void> {
  const url = new URL('v1/traces', collectorUrl.endsWith('/') ? collectorUrl : `${collectorUrl}/`).href;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs });
  const provider = new NodeTracerProvider({
    // Not the detected resource: that tells the host's name, its user and the command line.
    resource: resourceFromAttributes({ 'service.name': `memorystack-${service}`, 'service.namespace': 'memorystack' }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, { scheduledDelayMillis: exportIntervalMs, maxQueueSize: queuedSpans }),
    ],
  });
  provider.register();
  return async () => {
    const giveUp = new Promise<void>((resolve) => setTimeout(resolve, exportTimeoutMs).unref());
    await Promise.race([provider.shutdown().catch(() => undefined), giveUp]);
    trace.disable();
    context.disable();
    propagation.disable();
  };
}
