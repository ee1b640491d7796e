import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/**
 * Traces by OpenTelemetry. Nothing else of the project speaks to it, so that one file decides what a span may hold:
 * numbers, and words that stand in this code. No content, name, key, id of a tenant or message of an error, which may
 * quote any of them.
 *
 * Until `startTracing` every function here only does the work it is given.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span that is under way. */
export interface OpenSpan {
  set(attributes: SpanAttributes): void;
}

let tracer: Tracer | null = null;
const unseen: OpenSpan = { set: () => undefined };

/**
 * Sends spans to a collector (OTLP/HTTP, JSON) from now on. Sampling, batches and headers for the collector follow the
 * standard variables of OpenTelemetry (`OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`, `OTEL_EXPORTER_OTLP_HEADERS`).
 * @param collectorUrl without `/v1/traces`
 * @returns sends what is left, and ends it
 */
export async function startTracing(collectorUrl: string, service: string): Promise<() => Promise<void>> {
  const { startExport } = await import('./trace-export.js');
  const stop = startExport(collectorUrl, service);
  tracer = trace.getTracer('memorystack');
  return async () => {
    tracer = null;
    await stop();
  };
}

export function isTracing(): boolean {
  return tracer !== null;
}

/** The span that is under way here, as the W3C header `traceparent`; null when there is none. */
export function currentTraceparent(): string | null {
  return tracer === null ? null : traceparentOf(context.active());
}

/** Does `work` in a span below the one that is under way. */
export function inSpan<Result>(
  name: string,
  attributes: SpanAttributes,
  work: (span: OpenSpan) => Promise<Result>,
): Promise<Result> {
  return tracer === null ? work(unseen) : run(context.active(), SpanKind.INTERNAL, name, attributes, work);
}

/** Does `work` in a span that continues the trace of another process; null begins a trace. */
export function withTraceparent<Result>(
  traceparent: string | null,
  name: string,
  attributes: SpanAttributes,
  work: (span: OpenSpan) => Promise<Result>,
): Promise<Result> {
  return tracer === null ? work(unseen) : run(contextOf(traceparent), SpanKind.CONSUMER, name, attributes, work);
}

/** A span of something that ends now and began `seconds` ago. */
export function recordSpan(
  traceparent: string | null,
  name: string,
  attributes: SpanAttributes,
  seconds: number,
): void {
  const startTime = Date.now() - seconds * 1000;
  tracer?.startSpan(name, { attributes: { ...attributes }, startTime }, contextOf(traceparent)).end();
}

/** The span of a request that this process answers. */
export interface ServerSpan {
  /** Runs `work` and whatever it starts inside the span. */
  within(work: () => void): void;
  end(attributes: SpanAttributes, isFailed: boolean): void;
}

/** @param traceparent what the caller sent; whatever is no such header begins a trace */
export function startServerSpan(traceparent: unknown, name: string, attributes: SpanAttributes): ServerSpan | null {
  if (tracer === null) return null;
  const parent = contextOf(typeof traceparent === 'string' ? traceparent : null);
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: { ...attributes } }, parent);
  const inside = trace.setSpan(parent, span);
  return {
    within: (work) => context.with(inside, work),
    end: (more, isFailed) => {
      span.setAttributes(more as Attributes);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

async function run<Result>(
  parent: Context,
  kind: SpanKind,
  name: string,
  attributes: SpanAttributes,
  work: (span: OpenSpan) => Promise<Result>,
): Promise<Result> {
  const span: Span = tracer!.startSpan(name, { kind, attributes: { ...attributes } }, parent);
  const open: OpenSpan = { set: (more) => void span.setAttributes(more as Attributes) };
  try {
    return await context.with(trace.setSpan(parent, span), () => work(open));
  } catch (error) {
    // Only that it failed: messages quote what they choked on.
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function traceparentOf(inside: Context): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(inside, carrier);
  return carrier.traceparent ?? null;
}

/** Of what a caller sends with a trace only its ids are taken: `tracestate` and `baggage` may hold anything. */
function contextOf(traceparent: string | null): Context {
  return traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}
