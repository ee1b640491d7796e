import { APIError, type OpenAI, toFile } from 'openai';
import type { Batch, BatchCreateParams } from 'openai/resources/batches';
import { BatchEmbedder, type BatchResults, type BatchText } from '#libs/ports/batch-embedder.js';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import { tokensOf, vectorsOf } from './embedding-answer.js';
import { textCharsMost } from './openai-embedder.js';
import { clientOf, countOf, DeadlineError, type ServerAddress, within } from './server-client.js';

export interface BatchServer extends ServerAddress {
  model: string;
  dimensions: number;
}

/** A line of the files that a batch ends with; what is not as it should be is a text without an answer. */
interface ResultLine {
  custom_id?: unknown;
  response?: { status_code?: unknown; body?: unknown } | null;
  error?: { code?: unknown } | null;
}

const endpoint = '/v1/embeddings';
const over: readonly Batch['status'][] = ['completed', 'failed', 'expired', 'cancelled'];
/** Files of a batch are up to 200 MB. */
const fileTimeoutMs = 300_000;
const retryAfterSeconds = 10;
const latestBatches = 100;
const referenceKey = 'memorystack_reference';

/** The batch endpoint of an OpenAI-compatible API: https://platform.openai.com/docs/guides/batch */
export class OpenaiBatchEmbedder extends BatchEmbedder {
  override readonly model: string;
  private readonly client: OpenAI;

  constructor(private readonly server: BatchServer) {
    super();
    this.model = `${server.model}/${server.dimensions}`;
    this.client = clientOf({ ...server, timeoutMs: fileTimeoutMs });
  }

  override async submit(reference: string, texts: readonly BatchText[]): Promise<string> {
    const latest = await this.call((signal) => this.client.batches.list({ limit: latestBatches }, { signal }));
    const known = latest.data.find(({ metadata }) => metadata?.[referenceKey] === reference);
    if (known) return known.id;
    const content = Buffer.from(texts.map((one) => JSON.stringify(this.line(one))).join('\n'));
    const file = await toFile(content, 'texts.jsonl', { type: 'application/jsonl' });
    const { id } = await this.call(
      (signal) => this.client.files.create({ file, purpose: 'batch' }, { signal }),
      fileTimeoutMs,
    );
    const request: BatchCreateParams = {
      ...{ input_file_id: id, endpoint, completion_window: '24h', metadata: { [referenceKey]: reference } },
    };
    return (await this.call((signal) => this.client.batches.create(request, { signal }))).id;
  }

  override async state(batchId: string): Promise<'running' | 'over'> {
    const { status } = await this.batch(batchId);
    return over.includes(status) ? 'over' : 'running';
  }

  override async results(batchId: string): Promise<BatchResults> {
    const { output_file_id: output, error_file_id: errors } = await this.batch(batchId);
    const results: BatchResults = { vectors: new Map(), refused: new Map(), tokens: null };
    for (const fileId of [output, errors]) {
      if (!fileId) continue;
      const content = await this.call(
        async (signal) => (await this.client.files.content(fileId, { signal })).text(),
        fileTimeoutMs,
      );
      for (const line of content.split('\n')) if (line.trim() !== '') this.read(line, results);
    }
    return results;
  }

  private batch(batchId: string): Promise<Batch> {
    return this.call((signal) => this.client.batches.retrieve(batchId, { signal }));
  }

  private line({ key, text }: BatchText): unknown {
    const { model, dimensions } = this.server;
    const input = text.slice(0, textCharsMost).toWellFormed();
    const body = { model, input: [input], dimensions, encoding_format: 'float' };
    return { custom_id: key, method: 'POST', url: endpoint, body };
  }

  private read(line: string, results: BatchResults): void {
    const { vectors, refused } = results;
    const parsed = lineOf(line);
    if (typeof parsed?.custom_id !== 'string') return;
    const { custom_id: key, response, error } = parsed;
    if (error || response?.status_code !== 200) {
      const status = typeof response?.status_code === 'number' ? response.status_code : 'an error';
      return void refused.set(key, `The provider answered ${status}.`);
    }
    // Billed, whether or not the answer is of use.
    const tokens = countOf(tokensOf(response.body));
    if (tokens > 0) results.tokens = (results.tokens ?? 0) + tokens;
    const found = vectorsOf(response.body, 1, this.server.dimensions);
    if (typeof found === 'string') refused.set(key, `The provider is of no use: ${found}.`);
    else vectors.set(key, found[0]!);
  }

  /** @throws EmbedderUnreachable where it will pass; what the provider will never take is thrown as it is, without its words */
  private async call<Result>(
    work: (signal: AbortSignal) => Promise<Result>,
    timeoutMs = this.server.timeoutMs,
  ): Promise<Result> {
    try {
      return await within(timeoutMs, work);
    } catch (error) {
      throw failureOf(error);
    }
  }
}

function failureOf(error: unknown): Error {
  if (error instanceof DeadlineError) return unreachable('it took too long');
  if (!(error instanceof APIError)) return new Error('The batch endpoint does not speak the API.');
  const { status } = error;
  if (status === undefined) return unreachable('there is no connection');
  if (status === 408 || status === 409 || status === 429 || status >= 500) return unreachable(`it answered ${status}`);
  return new Error(`The batch endpoint answered ${status}.`);
}

function unreachable(reason: string): EmbedderUnreachable {
  return new EmbedderUnreachable(retryAfterSeconds, {
    cause: new Error(`The batch endpoint is of no use now: ${reason}`),
  });
}

function lineOf(line: string): ResultLine | null {
  try {
    return JSON.parse(line) as ResultLine | null;
  } catch {
    return null;
  }
}
