import type { IncomingMessage } from 'node:http';
import { type EmbeddingScript, plainVector, ScriptedEmbeddings } from './scripted-embeddings.js';
import type { Reply } from './scripted-server.js';

interface Line {
  custom_id: string;
  method: string;
  url: string;
  body: { model: string; input: string[]; [parameter: string]: unknown };
}

export interface ScriptedBatch {
  id: string;
  lines: Line[];
  metadata: Record<string, string>;
  status: 'in_progress' | 'completed' | 'failed' | 'expired';
  /** How often its state was asked. */
  polls: number;
}

/** What a text of a batch is answered: its vector, a status, or nothing at all. */
export type LineScript = (text: string) => unknown[] | number | null;

export const tokensPerLine = 7;

/**
 * A provider with a batch endpoint beside its embeddings. What it was given outlives a restart of it (`stop`, `start`);
 * a batch goes on until a test says that it is over.
 */
export class ScriptedBatches extends ScriptedEmbeddings {
  readonly batches: ScriptedBatch[] = [];
  private readonly files = new Map<string, string>();

  constructor(
    script: EmbeddingScript,
    public lineScript: LineScript = plainVector,
  ) {
    super(script);
  }

  /** The batch ends, as far as it came. */
  end(status: ScriptedBatch['status'] = 'completed'): void {
    for (const batch of this.batches) {
      if (batch.status !== 'in_progress') continue;
      batch.status = status;
      const answered = batch.lines.map((line) => ({ line, answer: this.lineScript(line.body.input[0]!) }));
      const good = answered.filter(({ answer }) => Array.isArray(answer));
      const bad = answered.filter(({ answer }) => typeof answer === 'number');
      this.files.set(
        `${batch.id}-output`,
        linesOf(good, (answer) => ({ status_code: 200, body: bodyOf(answer) })),
      );
      this.files.set(
        `${batch.id}-errors`,
        linesOf(bad, (answer) => ({ status_code: answer, body: { error: {} } })),
      );
    }
  }

  protected override reply(incoming: IncomingMessage, raw: string): Reply {
    const { method, url } = incoming;
    const { pathname } = new URL(url!, this.url);
    const [, , collection, id, part] = pathname.split('/');
    if (collection === 'files' && method === 'POST') return this.upload(raw);
    if (collection === 'files' && part === 'content') return { status: 200, text: this.files.get(id!)! };
    if (collection !== 'batches') return super.reply(incoming, raw);
    if (method === 'POST') return this.create(JSON.parse(raw) as CreateRequest);
    if (id === undefined) {
      return { status: 200, body: { object: 'list', data: this.batches.map((one) => shown(one)), has_more: false } };
    }
    const batch = this.batches.find((one) => one.id === id);
    if (!batch) return { status: 404, body: { error: { message: 'no such batch' } } };
    batch.polls += 1;
    return { status: 200, body: shown(batch) };
  }

  /** The form has the file between its own lines. */
  private upload(raw: string): Reply {
    const lines = raw.split(/\r?\n/).filter((line) => line.startsWith('{"custom_id"'));
    const id = `file-${this.files.size + 1}`;
    this.files.set(id, lines.join('\n'));
    return { status: 200, body: { id, object: 'file', purpose: 'batch', bytes: raw.length } };
  }

  private create({ input_file_id: file, metadata }: CreateRequest): Reply {
    const lines = this.files
      .get(file)!
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const batch: ScriptedBatch = {
      ...{ id: `batch-${this.batches.length + 1}`, lines, metadata, status: 'in_progress', polls: 0 },
    };
    this.batches.push(batch);
    return { status: 200, body: shown(batch) };
  }
}

interface CreateRequest {
  input_file_id: string;
  metadata: Record<string, string>;
}

function shown({ id, metadata, status }: ScriptedBatch): unknown {
  const files = status === 'in_progress' ? {} : { output_file_id: `${id}-output`, error_file_id: `${id}-errors` };
  return { id, object: 'batch', endpoint: '/v1/embeddings', status, metadata, ...files };
}

function linesOf(
  answered: readonly { line: Line; answer: unknown }[],
  response: (answer: unknown) => Record<string, unknown>,
): string {
  // Results come in no order.
  return [...answered]
    .reverse()
    .map(({ line, answer }) =>
      JSON.stringify({ id: 'request', custom_id: line.custom_id, response: response(answer), error: null }),
    )
    .join('\n');
}

function bodyOf(embedding: unknown): unknown {
  const usage = { prompt_tokens: tokensPerLine, total_tokens: tokensPerLine };
  return { object: 'list', data: [{ object: 'embedding', index: 0, embedding }], usage };
}
