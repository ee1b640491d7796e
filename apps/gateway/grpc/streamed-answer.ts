import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions } from 'fastify';
import type { Problem } from '#libs/contracts/rest/answers.js';

export type StreamCall = ServerWritableStream<unknown, { chunk: Buffer }>;

/** What a streamed answer ended as: whole, or a problem instead of it. */
export type StreamedAnswer = { kind: 'sent' } | { kind: 'problem'; problem: Problem; retryAfterSeconds: number | null };

/** Metadata that comes after the last piece. */
const digestTrailer = 'memorystack-digest';

/**
 * Sends the body of a route's answer as the messages of a call, as fast as its client takes them.
 * @param copyHeaders puts the headers of the answer into metadata
 * @throws whatever broke the answer off
 */
export async function streamAnswer(
  application: NestFastifyApplication,
  request: InjectOptions,
  call: StreamCall,
  copyHeaders: (headers: Readonly<Record<string, unknown>>) => Metadata,
): Promise<StreamedAnswer> {
  const answer = await application.inject({ ...request, payloadAsStream: true });
  const body = answer.stream();
  const metadata = copyHeaders(answer.headers);
  if (answer.statusCode >= 400) {
    const retryAfter = answer.headers['retry-after'];
    const problem = JSON.parse(await text(body)) as Problem;
    return { kind: 'problem', problem, retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter) };
  }
  call.sendMetadata(metadata);
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (call.cancelled) return { kind: 'sent' };
    if (!call.write({ chunk })) await once(call, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  const digest = answer.trailers[digestTrailer];
  const trailing = new Metadata();
  if (digest !== undefined) trailing.set(digestTrailer, String(digest));
  call.end(trailing);
  return { kind: 'sent' };
}
