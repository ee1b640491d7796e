import { APIError, type OpenAI } from 'openai';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { type TextVector, textVector } from '#libs/domain/ranking/text-vector.js';
import { type EmbeddedAs, Embedder, EmbedderUnreachable } from '#libs/ports/embedder.js';
import { CallsAtOnce } from './calls-at-once.js';
import { tokensOf, vectorsOf } from './embedding-answer.js';
import {
  clientOf,
  countOf,
  DeadlineError,
  isTooLong,
  type ServerAddress,
  unknownParameter,
  within,
} from './server-client.js';
import { TokenBudget } from './token-budget.js';

export interface EmbeddingServer extends ServerAddress {
  /** Name of the model there. */
  model: string;
  /** How many numbers its vectors have. */
  dimensions: number;
  /** In this process; 0 has no limit. */
  tokensPerDay: number;
}

/** A text on its way, and where its vector belongs. */
interface Sent {
  place: number;
  text: string;
}

type Answered =
  | { kind: 'vectors'; vectors: TextVector[] }
  /** This text, or one of these, is longer than the model takes. */
  | { kind: 'too_long' }
  | { kind: 'refused'; reason: string };

/** What servers take that are set up as they come. */
const textsMost = 32;
const charsMost = 64_000;
/** About 2,000 tokens; models that read fewer cut for themselves, or say so. */
export const textCharsMost = 8_000;
/** A text that is still too long at this length is refused for another reason. */
const textCharsLeast = 64;
const callsAtOnce = 4;
/** After a failure that has been retried already, others need not wait for the same one. */
const pauseSeconds = 10;
const pauseMostSeconds = 3_600;
/** On the safe side for English; the reckoning after the call puts it right. */
const charsPerToken = 3;
/** All tenants together: a vector is of a text, whoever asks for it. */
const spender = 'everybody';
const dayMs = 86_400_000;
/** Told a server to see whether it is it or a text: says nothing of anybody. */
const probe = 'text';

/**
 * The embedder `openai`: a model behind an OpenAI-compatible API. The last fifth of a day's tokens is for questions, so
 * that filling an index does not keep people from searching.
 */
export class OpenaiEmbedder extends Embedder {
  override readonly model: string;
  override readonly kind = 'contextual';
  override readonly isInstant = false;
  override readonly dimensions: number;
  private readonly client: OpenAI;
  private readonly budget: TokenBudget;
  private readonly calls = new CallsAtOnce(callsAtOnce);
  private readonly nowMs: () => number;
  private readonly monotonicMs: () => number;
  /** Not every model can be asked for a length, and some servers know only those that can. */
  private asksForLength = true;
  private paused: { untilMs: number; reason: string } | null = null;

  constructor(
    private readonly server: EmbeddingServer,
    clocks: { nowMs?: () => number; monotonicMs?: () => number } = {},
  ) {
    super();
    this.model = `${server.model}/${server.dimensions}`;
    this.dimensions = server.dimensions;
    this.client = clientOf(server);
    this.nowMs = clocks.nowMs ?? Date.now;
    this.monotonicMs = clocks.monotonicMs ?? (() => performance.now());
    this.budget = new TokenBudget(server.tokensPerDay, this.nowMs);
  }

  override async embed(texts: readonly string[], as: EmbeddedAs): Promise<TextVector[]> {
    const nothing = textVector(new Float32Array(this.dimensions));
    const vectors = texts.map(() => nothing);
    const sent = texts.map((text, place) => ({ place, text: text.slice(0, textCharsMost).toWellFormed() }));
    const batches = batchesOf(sent.filter(({ text }) => text.trim() !== ''));
    await Promise.all(batches.map((batch) => this.calls.run(() => this.fill(vectors, batch, as))));
    return vectors;
  }

  /** Puts the vectors of the texts in their places; a text that the server will not have at all keeps its zeros. */
  private async fill(vectors: TextVector[], batch: readonly Sent[], as: EmbeddedAs, isTried = false): Promise<void> {
    const answered = await this.ask(
      batch.map(({ text }) => text),
      as,
    );
    if (answered.kind === 'vectors') {
      for (const [at, { place }] of batch.entries()) vectors[place] = answered.vectors[at]!;
      return;
    }
    const [{ place, text }] = batch as [Sent];
    if (batch.length === 1 && answered.kind === 'too_long' && text.length > textCharsLeast) {
      const half = text.slice(0, Math.ceil(text.length / 2)).toWellFormed();
      return this.fill(vectors, [{ place, text: half }], as, isTried);
    }
    if (!isTried) await this.tryOut(answered, as);
    if (batch.length === 1) return;
    const middle = Math.ceil(batch.length / 2);
    await this.fill(vectors, batch.slice(0, middle), as, true);
    await this.fill(vectors, batch.slice(middle), as, true);
  }

  /** Tells a server that refuses everything from a text that it refuses. */
  private async tryOut(refusal: Exclude<Answered, { kind: 'vectors' }>, as: EmbeddedAs): Promise<void> {
    if (refusal.kind === 'too_long') return;
    const { kind } = await this.ask([probe], as);
    if (kind !== 'vectors') this.giveUp(refusal.reason, pauseSeconds);
  }

  private async ask(texts: readonly string[], as: EmbeddedAs): Promise<Answered> {
    this.mayAsk(as);
    const estimate = Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / charsPerToken);
    const settle = this.budget.reserve(spender, estimate);
    let used = 0;
    try {
      const answer = await within(this.server.timeoutMs, (signal) => this.post(texts, signal));
      used = countOf(tokensOf(answer)) || estimate;
      const vectors = vectorsOf(answer, texts.length, this.dimensions);
      return typeof vectors === 'string' ? this.giveUp(vectors, pauseSeconds) : { kind: 'vectors', vectors };
    } catch (error) {
      if (error instanceof EmbedderUnreachable) throw error;
      return this.failureOf(error);
    } finally {
      settle(used);
    }
  }

  private async post(texts: readonly string[], signal: AbortSignal): Promise<unknown> {
    const { model, dimensions } = this.server;
    const request: EmbeddingCreateParams = { model, input: [...texts], encoding_format: 'float' };
    if (this.asksForLength) request.dimensions = dimensions;
    try {
      return await this.client.embeddings.create(request, { signal });
    } catch (error) {
      if (request.dimensions === undefined || unknownParameter(error, ['dimensions']) === undefined) throw error;
      this.asksForLength = false;
      return this.post(texts, signal);
    }
  }

  /** @throws EmbedderUnreachable while it was away just now, or when nothing is left to spend */
  private mayAsk(as: EmbeddedAs): void {
    const leftMs = (this.paused?.untilMs ?? 0) - this.monotonicMs();
    if (this.paused && leftMs > 0) throw unreachable(Math.ceil(leftMs / 1000), this.paused.reason);
    const level = this.budget.level(spender);
    if (level === 'free' || (level === 'low' && as === 'question')) return;
    const untilMidnightMs = dayMs - (this.nowMs() % dayMs);
    throw unreachable(Math.ceil(untilMidnightMs / 1000), 'MEMORYSTACK_EMBEDDER_TOKENS_PER_DAY are spent for today');
  }

  private failureOf(error: unknown): Answered {
    if (error instanceof DeadlineError) return this.giveUp('it took too long', pauseSeconds);
    if (!(error instanceof APIError)) return this.giveUp('it does not speak the API', pauseSeconds);
    if (isRefusal(error.status)) {
      return isTooLong(error) ? { kind: 'too_long' } : { kind: 'refused', reason: reasonOf(error.status) };
    }
    const asked = Number((error.headers as Headers | undefined)?.get('retry-after') ?? 0);
    const seconds = asked > 0 ? Math.min(Math.ceil(asked), pauseMostSeconds) : pauseSeconds;
    return this.giveUp(reasonOf(error.status), seconds);
  }

  private giveUp(reason: string, seconds: number): never {
    this.paused = { untilMs: this.monotonicMs() + seconds * 1000, reason };
    throw unreachable(seconds, reason);
  }
}

function batchesOf(sent: readonly Sent[]): Sent[][] {
  const batches: Sent[][] = [];
  let chars = Infinity;
  for (const one of sent) {
    chars += one.text.length;
    if (chars > charsMost || batches.at(-1)!.length === textsMost) {
      batches.push([]);
      chars = one.text.length;
    }
    batches.at(-1)!.push(one);
  }
  return batches;
}

/** What is sent is not to its liking; all else passes, or is put right by an operator. */
function isRefusal(status: number | undefined): status is number {
  return status !== undefined && status >= 400 && status < 500 && ![401, 403, 404, 408, 409, 429].includes(status);
}

/** In our own words: an answer may quote what it was sent. */
function reasonOf(status: number | undefined): string {
  switch (status) {
    case undefined:
      return 'there is no connection';
    case 401:
    case 403:
      return `it answered ${status}: is MEMORYSTACK_EMBEDDER_API_KEY right?`;
    case 404:
      return 'it answered 404: are MEMORYSTACK_EMBEDDER_URL (with its path, such as /v1) and _MODEL right?';
    default:
      return `it answered ${status}`;
  }
}

function unreachable(seconds: number, reason: string): EmbedderUnreachable {
  return new EmbedderUnreachable(seconds, { cause: new Error(`The embedding server is of no use now: ${reason}`) });
}
