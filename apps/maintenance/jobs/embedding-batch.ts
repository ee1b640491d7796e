import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { EmbeddingSummary } from '#libs/contracts/jobs.js';
import { limits } from '#libs/domain/limits.js';
import { BatchEmbedder, type BatchResults } from '#libs/ports/batch-embedder.js';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import type { JobResult, JobSlice } from '#libs/ports/job-queue.js';
import { MemoryQueries, type SearchState } from '#libs/ports/memory-queries.js';
import type { UnreadText } from '#libs/ports/search-index.js';
import { TextVectors } from '#libs/ports/text-vectors.js';

/** Where a job is with its batch. */
interface BatchCheckpoint {
  /** Ours, by which a batch is found again should this process end before it has kept the provider's id. */
  reference: string;
  /** Null before the provider has said it. */
  batchId: string | null;
  isOver: boolean;
  /** How often the provider was asked, and when it is asked again. */
  polls: number;
  nextPollMs: number;
}

type Costs = Omit<EmbeddingSummary, 'pending_embeddings'>;

interface BatchStep {
  /** What the job has to say of it. */
  costs: Costs;
  isOver: boolean;
}

/** A batch that nobody asks for so long holds up nobody any more. */
const expectedSeconds = 600;
const pollMostMs = 60_000;
const vectorsKeptTogether = 500;

/**
 * Has the texts that have no vectors yet read by the batch endpoint of the embedder's provider. The vectors are kept
 * where the index looks first, so that it learns them without asking the embedder.
 */
@Injectable()
export class EmbeddingBatch {
  private readonly logger = new Logger('batch endpoint');

  constructor(
    private readonly queries: MemoryQueries,
    @Optional() @Inject(BatchEmbedder) private readonly provider: BatchEmbedder | null = null,
    @Optional() @Inject(TextVectors) private readonly vectors: TextVectors | null = null,
  ) {}

  /** Takes the batch of a job one step further. */
  async step(slice: JobSlice, { embedder, pendingEmbeddings }: SearchState): Promise<BatchStep> {
    const checkpoint = slice.checkpoint as BatchCheckpoint | null;
    const costs = costsOf(slice);
    const nothingToDo = { costs, isOver: true };
    if (this.provider === null || checkpoint?.isOver) return nothingToDo;
    if (checkpoint?.batchId) return this.follow(slice, checkpoint, costs);
    // Vectors of another model would be of no use to the index that answers.
    if (pendingEmbeddings === 0 || this.provider.model !== embedder) return nothingToDo;
    return this.begin(slice, costs);
  }

  private async begin({ job, checkpoint: last, save }: JobSlice, costs: Costs): Promise<BatchStep> {
    const { tenantId } = job;
    const unread = await this.unread(tenantId, limits.textsPerEmbeddingBatch);
    const texts = new Map(unread.map(({ text }) => [keyOf(text), text]));
    if (texts.size === 0) return { costs, isOver: true };
    await this.vectors!.expect(
      tenantId,
      unread.map(({ id }) => id),
      expectedSeconds,
    );
    const reference = (last as BatchCheckpoint | null)?.reference ?? randomUUID();
    const checkpoint: BatchCheckpoint = { reference, batchId: null, isOver: false, polls: 0, nextPollMs: 0 };
    await save({ checkpoint });
    const sent = Array.from(texts, ([key, text]) => ({ key, text }));
    const batchId = await this.provider!.submit(reference, sent);
    const after = { ...costs, batch_texts: (costs.batch_texts ?? 0) + texts.size };
    await save({
      checkpoint: { ...checkpoint, batchId, nextPollMs: Date.now() + 1_000 },
      summary: { pending_embeddings: job.total ?? 0, ...after } satisfies EmbeddingSummary,
    });
    return { costs: after, isOver: false };
  }

  private async follow({ job, save }: JobSlice, checkpoint: BatchCheckpoint, costs: Costs): Promise<BatchStep> {
    const now = Date.now();
    if (now < checkpoint.nextPollMs) return { costs, isOver: false };
    const { tenantId } = job;
    const polls = checkpoint.polls + 1;
    await this.vectors!.expectOn(tenantId, expectedSeconds);
    const results = await this.resultsOf(checkpoint.batchId!);
    if (results === null) {
      await save({ checkpoint: { ...checkpoint, polls, nextPollMs: now + Math.min(1_000 * 2 ** polls, pollMostMs) } });
      return { costs, isOver: false };
    }
    const failures = await this.keep(tenantId, results, job.failed);
    const billed = results.tokens === null ? costs.billed_tokens : (costs.billed_tokens ?? 0) + results.tokens;
    const after = { ...costs, ...(billed !== undefined && { billed_tokens: billed }) };
    const summary: EmbeddingSummary = { pending_embeddings: job.total ?? 0, ...after };
    await save({ results: failures, summary, checkpoint: { ...checkpoint, isOver: true } });
    // What has no vector now is embedded by the index itself.
    await this.vectors!.expect(tenantId, [], 0);
    return { costs: after, isOver: true };
  }

  /** Null while there are none: the batch is not over, or its provider is away. */
  private async resultsOf(batchId: string): Promise<BatchResults | null> {
    try {
      return (await this.provider!.state(batchId)) === 'over' ? await this.provider!.results(batchId) : null;
    } catch (error) {
      if (!(error instanceof EmbedderUnreachable)) throw error;
      this.logger.warn(error.cause instanceof Error ? error.cause.message : error.message);
      return null;
    }
  }

  /** A text that was erased, or changed, meanwhile is not asked for any more. @returns those that have no vector */
  private async keep(tenantId: string, { vectors, refused }: BatchResults, first: number): Promise<JobResult[]> {
    const expected = new Set(await this.vectors!.expected(tenantId));
    const unread = (await this.unread(tenantId, Number.MAX_SAFE_INTEGER)).filter(({ id }) => expected.has(id));
    const learned = unread.flatMap((one) => {
      const vector = vectors.get(keyOf(one.text));
      return vector ? [{ ...one, vector }] : [];
    });
    for (let at = 0; at < learned.length; at += vectorsKeptTogether) {
      await this.vectors!.keep(tenantId, learned.slice(at, at + vectorsKeptTogether));
    }
    const failed = unread.filter(({ text }) => !vectors.has(keyOf(text)));
    return failed.map(({ id, text }, at) => {
      const detail = refused.get(keyOf(text)) ?? 'The provider ended the batch without an answer for this text.';
      return { index: first + at, ok: false, body: { code: 'internal', detail, document_id: id } };
    });
  }

  /** Texts that say nothing are never sent. */
  private async unread(tenantId: string, limit: number): Promise<UnreadText[]> {
    return (await this.queries.unreadTexts(tenantId, limit)).filter(({ text }) => text.trim() !== '');
  }
}

function costsOf({ job }: JobSlice): Costs {
  const { pending_embeddings: _pending, ...costs } = (job.summary ?? {}) as Partial<EmbeddingSummary>;
  return costs;
}

/** The provider has the text itself, so its hash tells it nothing. */
function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
