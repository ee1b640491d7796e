import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions } from 'fastify';
import type { Problem } from '#libs/contracts/rest/answers.js';

export type StreamCall = ServerWritableStream<unknown, object>;

/** What a streamed answer ended as: whole, or a problem instead of it. */
export type StreamedAnswer = { kind: 'sent' } | { kind: 'problem'; problem: Problem; retryAfterSeconds: number | null };

/** How the body of an answer becomes messages. */
interface Streaming {
  /** Puts the headers of the answer into metadata. */
  copy: (headers: Readonly<Record<string, unknown>>) => Metadata;
  pieces: (body: Readable) => AsyncIterable<object>;
}

/** Metadata that comes after the last piece. */
const digestTrailer = 'memorystack-digest';

/**
 * Sends the body of a route's answer as the messages of a call, as fast as its client takes them.
 * @throws whatever broke the answer off
 */
export async function streamAnswer(
  application: NestFastifyApplication,
  request: InjectOptions,
  call: StreamCall,
  { copy, pieces }: Streaming,
): Promise<StreamedAnswer> {
  const answer = await application.inject({ ...request, payloadAsStream: true });
  const body = answer.stream();
  const metadata = copy(answer.headers);
  if (answer.statusCode >= 400) {
    const retryAfter = answer.headers['retry-after'];
    const problem = JSON.parse(await text(body)) as Problem;
    return { kind: 'problem', problem, retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter) };
  }
  call.sendMetadata(metadata);
  const gone = new AbortController();
  call.once('cancelled', () => {
    gone.abort();
    body.destroy();
  });
  try {
    for await (const piece of pieces(body)) {
      if (call.cancelled) return { kind: 'sent' };
      if (!call.write(piece)) await once(call, 'drain', { signal: gone.signal });
    }
  } catch (error) {
    if (call.cancelled) return { kind: 'sent' };
    throw error;
  }
  const digest = answer.trailers[digestTrailer];
  const trailing = new Metadata();
  if (digest !== undefined) trailing.set(digestTrailer, String(digest));
  call.end(trailing);
  return { kind: 'sent' };
}

/** The body as it comes. */
export async function* chunksOf(body: Readable): AsyncIterable<object> {
  for await (const chunk of body as AsyncIterable<Buffer>) yield { chunk };
}

/** The same request, to be answered line by line. */
export function linesOf(request: InjectOptions): InjectOptions {
  return { ...request, headers: { ...request.headers, accept: 'application/x-ndjson' } };
}

/** Each line of the body as a message. */
export async function* messagesOf(body: Readable, messageOf: (line: string) => object): AsyncIterable<object> {
  for await (const line of createInterface({ input: body, crlfDelay: Infinity })) yield messageOf(line);
}
