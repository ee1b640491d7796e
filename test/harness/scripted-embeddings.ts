import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  | { status: number; headers?: Record<string, string>; error?: Record<string, unknown> }
  | 'hangs'
  | 'hangs up';

/** A server that speaks the embeddings of an OpenAI-compatible API, and answers what a test wrote down for it. */
export class ScriptedEmbeddings {
  readonly requests: EmbeddingRequest[] = [];
  private readonly server: Server;
  private port = 0;

  /** @param script gets the number of the call, from 1 */
  constructor(public script: EmbeddingScript) {
    this.server = createServer((incoming, outgoing) => void this.take(incoming, outgoing));
  }

  static async started(script: EmbeddingScript): Promise<ScriptedEmbeddings> {
    const server = new ScriptedEmbeddings(script);
    await server.start();
    return server;
  }

  /** For `MEMORYSTACK_EMBEDDER_URL`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** All texts that were sent, in order. */
  get texts(): string[] {
    return this.requests.flatMap(({ body }) => body.input);
  }

  /** Listens where it listened before, if it did. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as EmbeddingRequest['body'];
    const request = { path: incoming.url!, headers: incoming.headers, body };
    this.requests.push(request);
    const answer = this.script(request, this.requests.length);
    if (answer === 'hangs') return;
    if (answer === 'hangs up') return void incoming.socket.destroy();
    if ('status' in answer) return send(outgoing, answer.status, { error: answer.error ?? {} }, answer.headers);
    if ('body' in answer) return send(outgoing, 200, answer.body);
    send(outgoing, 200, {
      ...{ object: 'list', model: body.model },
      data: answer.vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      ...(answer.tokens === undefined ? {} : { usage: { prompt_tokens: answer.tokens, total_tokens: answer.tokens } }),
    });
  }
}

function send(outgoing: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
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
