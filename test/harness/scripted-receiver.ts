import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Reply, ScriptedServer } from './scripted-server.js';

export interface ReceivedMessage {
  path: string;
  headers: IncomingHttpHeaders;
  /** Byte for byte. */
  raw: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
  /** What it was answered. */
  reply: Reply;
}

/** A receiver of webhooks that answers what a test says, and keeps what it was sent. */
export class ScriptedReceiver extends ScriptedServer {
  readonly received: ReceivedMessage[] = [];
  answer: (message: Omit<ReceivedMessage, 'reply'>) => Reply = () => ({ status: 204, body: null });
  private heard: () => void = () => undefined;

  /** Of the messages that were taken, in order. */
  get taken(): ReceivedMessage[] {
    return this.received.filter(({ reply }) => typeof reply !== 'string' && reply.status < 300);
  }

  async until(isEnough: (received: readonly ReceivedMessage[]) => boolean): Promise<void> {
    while (!isEnough(this.received)) await new Promise<void>((resolve) => (this.heard = resolve));
  }

  protected override reply(incoming: IncomingMessage, raw: string): Reply {
    const body = JSON.parse(raw) as ReceivedMessage['body'];
    const message = { path: incoming.url ?? '', headers: incoming.headers, raw, body };
    const reply = this.answer(message);
    this.received.push({ ...message, reply });
    this.heard();
    return reply;
  }
}

/** As a receiver does it that knows only the specification. */
export function expectedSignature(secret: string, { headers, raw }: Pick<ReceivedMessage, 'headers' | 'raw'>): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
