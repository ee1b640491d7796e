import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { assertStorable } from './http-text.js';
import { limits } from '#libs/domain/limits.js';
import { invalid } from './problem.js';

/**
 * JSON is the only body there is, but for the files of a route that takes some. An empty one counts as `{}`: published
 * clients send DELETE and POST with `Content-Type: application/json` and nothing after it.
 */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, parseBody(body));
    } catch (err) {
      done(err as Error);
    }
  });
  for (const type of ['text/csv', 'application/x-ndjson']) {
    fastify.addContentTypeParser(type, async (request: FastifyRequest, payload: Readable) => {
      const { schema } = request.routeOptions;
      if (schema && 'takesFiles' in schema) return { file: await fileOf(payload, request.headers['content-length']) };
      throw new ServiceError('unsupported_media_type', 'Send application/json.');
    });
  }
  // What nobody wanted of a file passes by, so that the connection can be used again.
  fastify.addHook('onResponse', (request, _reply, done) => {
    (request.body as { file?: FileBody } | null | undefined)?.file?.rest?.resume();
    done();
  });
}

/** A file that is the body of a request. */
export interface FileBody {
  /** All of it, or as much as one request may hold in memory. */
  start: Buffer;
  /** What comes after `start`, while it still arrives; null where nothing does. */
  rest: Readable | null;
}

/** Reads as much as may be held, and leaves the rest in the connection. */
function fileOf(payload: Readable, contentLength: string | undefined): Promise<FileBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (rest: Readable | null): void => {
      payload.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      resolve({ start: Buffer.concat(chunks), rest });
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= limits.requestBodyBytes) return;
      payload.pause();
      settle(payload);
    };
    const onEnd = (): void => {
      if (contentLength === undefined || Number(contentLength) === bytes) settle(null);
      else reject(invalid('', 'The body is not as long as Content-Length says'));
    };
    const onError = (error: Error): void => reject(error);
    const onClose = (): void => reject(invalid('', 'The body ended too early'));
    payload.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw invalid('', 'The body is not valid UTF-8');
  const value = parseJson(body.toString('utf8'));
  assertStorable(value);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid('', 'The body is not valid JSON');
  }
}
