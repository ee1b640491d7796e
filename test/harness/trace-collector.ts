import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A span as it came over the wire (OTLP/HTTP, JSON). */
export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  service: string;
  attributes: Record<string, unknown>;
  isFailed: boolean;
}

type Attributes = { key: string; value: Record<string, unknown> }[];
type WireSpan = Pick<CollectedSpan, 'name' | 'traceId' | 'spanId'> & {
  parentSpanId?: string;
  attributes: Attributes;
  status: { code?: number };
};
interface ExportRequest {
  resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: WireSpan[] }[] }[];
}

const errorStatus = 2;
const pollMs = 20;

/** Takes the traces that a service exports. */
export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string;
  spans: CollectedSpan[];
  /** Everything that was sent, word for word. */
  received(): string;
  /** The spans that pass, as soon as there are `count` of them. @throws Error when there are fewer after half a minute */
  wait(count: number, passes: (span: CollectedSpan) => boolean): Promise<CollectedSpan[]>;
  close(): Promise<void>;
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
      if (request.url === '/v1/traces') spans.push(...spansIn(JSON.parse(body) as ExportRequest));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    received: () => bodies.join('\n'),
    wait: async (count, passes) => {
      for (const endMs = Date.now() + 30_000; Date.now() < endMs; await sleep(pollMs)) {
        const found = spans.filter(passes);
        if (found.length >= count) return found;
      }
      throw new Error(`There are fewer than ${count} such spans: ${JSON.stringify(spans)}`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansIn({ resourceSpans }: ExportRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    const found = scopeSpans.flatMap(({ spans }) => spans);
    return found.map(({ name, traceId, spanId, parentSpanId = null, attributes, status }) => ({
      ...{ name, traceId, spanId, parentSpanId, service },
      attributes: valuesOf(attributes),
      isFailed: status.code === errorStatus,
    }));
  });
}

function valuesOf(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
