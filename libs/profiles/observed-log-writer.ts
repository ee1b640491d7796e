import { type AppendRequest, type AppendResult, LogWriter } from '#libs/ports/log-writer.js';
import { rememberCommitTrace } from '#libs/service-kit/commit-traces.js';
import { metrics, secondsSince } from '#libs/service-kit/metrics.js';
import { inSpan } from '#libs/service-kit/tracing.js';

/** Measures and traces the appends of another writer, so that no writer has to know who watches it. */
export class ObservedLogWriter extends LogWriter {
  constructor(private readonly writer: LogWriter) {
    super();
  }

  override async append(request: AppendRequest): Promise<AppendResult> {
    const startedMs = performance.now();
    let outcome = 'failed';
    try {
      const result = await inSpan('append', {}, async (span) => {
        const answer = await this.writer.append(request);
        if (answer.kind !== 'appended') return answer;
        span.set({ 'memorystack.position': answer.position });
        if (answer.commitId !== null) rememberCommitTrace(request.tenantId, answer.position);
        return answer;
      });
      outcome = outcomeOf(result);
      if (result.kind === 'appended' && result.commitId !== null) metrics.appendedEvents.inc(request.events.length);
      return result;
    } finally {
      metrics.appendSeconds.observe({ outcome }, secondsSince(startedMs));
    }
  }
}

function outcomeOf(result: AppendResult): string {
  if (result.kind !== 'appended') return 'refused';
  return result.replayed ? 'replayed' : 'appended';
}
