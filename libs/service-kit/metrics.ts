import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const fractionsOfSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];

/** What `/metrics` shows of this process. */
export const register = new Registry();
const registers = [register];
const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
  new Counter<Label>({ name, help, labelNames, registers });
const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
const seconds = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
  new Histogram<Label>({ name, help, labelNames, buckets: fractionsOfSeconds, registers });

/**
 * What this process counts and measures, in the conventions of Prometheus: base units in the names, `_total` for what
 * only grows. There is one process, so there is one of each: plain objects, for whoever may import this file.
 *
 * A label holds one of a few words that stand in this code: never a tenant, an id, a key or a caller's text, which would
 * make the series endless and tell what is nobody's business. docs/metrics.md has the same list, and a test compares.
 */
export const metrics = {
  httpRequestSeconds: seconds(
    'memorystack_http_request_duration_seconds',
    'HTTP requests by pattern of the route and class of the status (`aborted`: the caller hung up first).',
    ['method', 'route', 'status'],
  ),
  rateLimited: counter('memorystack_rate_limited_total', "Requests refused because their tenant's budget was used up."),
  commandSeconds: seconds(
    'memorystack_command_duration_seconds',
    'Commands carried out (`accepted`, `replayed`, `refused`, `failed`), from their turn to their outcome.',
    ['type', 'outcome'],
  ),
  appendSeconds: seconds(
    'memorystack_append_duration_seconds',
    'Appends to the log (`appended`, `replayed`, `refused`, `failed`), with the wait for the transaction before.',
    ['outcome'],
  ),
  appendedEvents: counter('memorystack_appended_events_total', 'Events that became part of the log.'),
  projectionLag: gauge(
    'memorystack_projection_lag_commits',
    'Commits of all tenants that are in the log and not yet in the read model and the search index.',
  ),
  projectedCommits: counter(
    'memorystack_projected_commits_total',
    'Commits brought into the read model and the search index.',
  ),
  projectedEvents: counter('memorystack_projected_events_total', 'Events of these commits.'),
  projectionBatchSeconds: seconds(
    'memorystack_projection_batch_duration_seconds',
    'Batches of commits, from reading them to the search index holding them.',
  ),
  projectionRetries: counter('memorystack_projection_retries_total', 'Batches that failed and are tried again.'),
  parkedStreams: gauge('memorystack_parked_streams', 'Streams that wait because an event of theirs cannot be applied.'),
  indexedDocuments: gauge(
    'memorystack_indexed_documents',
    'Documents that this process has put into its search index.',
  ),
  embeddingBacklog: gauge(
    'memorystack_embedding_backlog_documents',
    'Documents that are found by their words and wait for the embedder, in the process that has them read.',
  ),
  embeddedTexts: counter('memorystack_embedded_texts_total', 'Texts that the embedder has read in the background.'),
  embeddingFailures: counter(
    'memorystack_embedding_failures_total',
    'Batches of texts for which the embedder was out of reach.',
  ),
  searchSeconds: seconds('memorystack_search_duration_seconds', 'Searches by their mode, ranked and with their rows.', [
    'mode',
  ]),
  relayPublished: counter('memorystack_relay_published_commits_total', 'Commits that Kafka acknowledged.'),
  relayLag: gauge('memorystack_relay_lag_commits', 'Commits of the ledger that Kafka has not acknowledged yet.'),
  relayFailures: counter('memorystack_relay_failures_total', 'Sends to Kafka that failed and are tried again.'),
  consumerGaps: counter(
    'memorystack_consumer_gaps_total',
    'Gaps found in the topic of commits and filled from the ledger.',
  ),
  consumerDuplicates: counter(
    'memorystack_consumer_duplicates_total',
    'Commits delivered again by the topic and dropped.',
  ),
  modelCallSeconds: seconds(
    'memorystack_model_call_duration_seconds',
    'Calls to the language model with their retries (`text`, `too_long`, `unusable`, `unreachable`).',
    ['purpose', 'outcome'],
  ),
  modelTokens: counter(
    'memorystack_model_tokens_total',
    'Tokens that the model says it took (`prompt`) and gave (`completion`).',
    ['kind'],
  ),
  modelReused: counter('memorystack_model_reused_total', 'Answers of the model that were asked for again and reused.'),
  modelFallbacks: counter(
    'memorystack_model_fallbacks_total',
    'Packs of messages that rules read, and relations left open, for want of the model.',
    ['purpose', 'reason'],
  ),
  jobSliceSeconds: seconds(
    'memorystack_job_slice_duration_seconds',
    'Slices of jobs by what they led to (`more`, `done`, `failed` and tried again, `refused`, `lost` to another process).',
    ['kind', 'outcome'],
  ),
};

/** What the projections of this process say of themselves. */
export interface WatchedProjections {
  lagCommits(): number;
  parkedStreams(): number;
  indexedDocuments(): number;
}

let watched: WatchedProjections | null = null;

/** Asked when `/metrics` is read, so that projections that hang show a lag that grows. @returns ends it */
export function watchProjections(projections: WatchedProjections): () => void {
  watched = projections;
  return () => {
    if (watched === projections) watched = null;
  };
}

let isProcessWatched = false;

/** Adds memory, processor time, event loop and garbage collection. Only for who shows them: observing costs a little. */
export function watchProcess(): void {
  if (isProcessWatched) return;
  isProcessWatched = true;
  collectDefaultMetrics({ register });
}

/** All of it in the text format of Prometheus, which `register.contentType` names. */
export async function exposition(): Promise<string> {
  metrics.projectionLag.set(watched?.lagCommits() ?? 0);
  metrics.parkedStreams.set(watched?.parkedStreams() ?? 0);
  metrics.indexedDocuments.set(watched?.indexedDocuments() ?? 0);
  return register.metrics();
}

/** Seconds since `startMs` of the monotonic clock (`performance.now()`). */
export function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1000;
}
