import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes over the wire, or does not. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body: unknown }
  /** A file. */
  | { status: number; headers?: Record<string, string>; text: string }
  /** Nothing for ever, or the end of the connection. */
  | 'hangs'
  | 'hangs up';

/** What a server says when it will not answer. */
export type Refusal = { status: number; headers?: Record<string, string>; error?: Record<string, unknown> };

export function refusalReply({ status, headers = {}, error = {} }: Refusal): Reply {
  return { status, headers, body: { error } };
}

/** A server on loopback that answers what a test wrote down for it. */
export abstract class ScriptedServer {
  private readonly server: Server;
  private port = 0;

  constructor() {
    this.server = createServer((incoming, outgoing) => void this.take(incoming, outgoing));
  }

  /** Base of an OpenAI-compatible API. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
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

  /** @param raw the body, byte for byte */
  protected abstract reply(incoming: IncomingMessage, raw: string): Reply;

  private async take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const reply = this.reply(incoming, Buffer.concat(chunks).toString('utf8'));
    if (reply === 'hangs') return;
    if (reply === 'hangs up') return void incoming.socket.destroy();
    outgoing.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    outgoing.end('text' in reply ? reply.text : JSON.stringify(reply.body));
  }
}
