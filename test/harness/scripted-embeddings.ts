import type { IncomingMessage } from 'node:http';
import { type Refusal, refusalReply, type Reply, ScriptedServer } from './scripted-server.js';

/** One call as it came over the wire. */
export interface EmbeddingRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: { model: string; input: string[]; [parameter: string]: unknown };
}

export type EmbeddingScript = (
  request: EmbeddingRequest,
  number: number,
) =>
  /** In the order of the texts. */
  | { vectors: unknown[]; tokens?: number }
  /** The body itself. */
  | { body: unknown }
  | Refusal
  | 'hangs'
  | 'hangs up';

/** A server that speaks the embeddings of an OpenAI-compatible API, and answers what a test wrote down for it. */
export class ScriptedEmbeddings extends ScriptedServer {
  readonly requests: EmbeddingRequest[] = [];

  /** @param script gets the number of the call, from 1 */
  constructor(public script: EmbeddingScript) {
    super();
  }

  static async started(script: EmbeddingScript): Promise<ScriptedEmbeddings> {
    const server = new ScriptedEmbeddings(script);
    await server.start();
    return server;
  }

  /** All texts that were sent, in order. */
  get texts(): string[] {
    return this.requests.flatMap(({ body }) => body.input);
  }

  protected override reply({ url, headers }: IncomingMessage, raw: string): Reply {
    const body = JSON.parse(raw) as EmbeddingRequest['body'];
    const request = { path: url!, headers, body };
    this.requests.push(request);
    const answer = this.script(request, this.requests.length);
    if (typeof answer === 'string') return answer;
    if ('status' in answer) return refusalReply(answer);
    if ('body' in answer) return { status: 200, body: answer.body };
    const { vectors, tokens } = answer;
    const usage = tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } };
    const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    return { status: 200, body: { object: 'list', model: body.model, data, ...usage } };
  }
}

const meanings: Record<string, readonly number[]> = {
  ...{ doctor: [1, 0, 0, 0], dentist: [1, 0.1, 0, 0], teeth: [0.9, 0, 0, 0.1], train: [0, 1, 0, 0] },
  ...{ coast: [0, 0.9, 0.1, 0], tea: [0, 0, 1, 0], green: [0, 0.1, 0.7, 0] },
};

/** A vector of 4 numbers: a word that it knows points its way, every other one a little to the side. */
export function plainVector(text: string): number[] {
  const sum = [0, 0, 0, 0];
  for (const word of text.toLowerCase().match(/\w+|\W/g) ?? []) {
    const meaning = meanings[word] ?? [0, 0, 0, 0.01];
    for (const [at, number] of meaning.entries()) sum[at]! += number;
  }
  return sum;
}

/** Answers as a good model would. */
export const plainEmbeddings: EmbeddingScript = ({ body }) => ({ vectors: body.input.map(plainVector), tokens: 5 });
