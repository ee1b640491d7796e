import { currentTraceparent, isTracing, recordSpan } from './tracing.js';

/** Those of a busy second or two; a commit that is forgotten only loses the last span of its trace. */
const mostCommits = 10_000;
const traceparents = new Map<string, string>();

const keyOf = (tenantId: string, position: number): string => `${position} ${tenantId}`;

/**
 * Which trace a commit was written in. The stored bytes of a commit say nothing of traces, so that the log does not
 * depend on who watched: this is told from hand to hand instead, inside a process here and between processes as a header
 * of the record. A crash forgets it, and that loses nothing but a span.
 * @param traceparent of the append; the span that is under way when absent
 */
export function rememberCommitTrace(
  tenantId: string,
  position: number,
  traceparent: string | null = currentTraceparent(),
): void {
  if (!isTracing() || traceparent === null) return;
  traceparents.set(keyOf(tenantId, position), traceparent);
  if (traceparents.size > mostCommits) traceparents.delete(traceparents.keys().next().value!);
}

/** The `traceparent` to send along with a commit; null when nobody traces it. */
export function commitTraceparent(tenantId: string, position: number): string | null {
  return traceparents.get(keyOf(tenantId, position)) ?? null;
}

/** A span for every traced commit after `from` and up to `position`, which were projected as one batch. */
export function recordProjection(tenantId: string, from: number, position: number, seconds: number): void {
  if (traceparents.size === 0) return;
  for (let at = from + 1; at <= position; at += 1) {
    const traceparent = commitTraceparent(tenantId, at);
    if (traceparent === null) continue;
    traceparents.delete(keyOf(tenantId, at));
    recordSpan(traceparent, 'projection', { 'memorystack.position': at }, seconds);
  }
}
