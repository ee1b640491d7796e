import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { assertStorable } from './http-text.js';
import { invalid } from './problem.js';

/**
 * JSON is the only body there is, but for the files of a route that takes some. An empty one counts as `{}`: published clients send DELETE and POST with
 * `Content-Type: application/json` and nothing after it.
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
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      const { schema } = request.routeOptions;
      if (schema && 'takesFiles' in schema) done(null, { file: body });
      else done(new ServiceError('unsupported_media_type', 'Send application/json.'));
    });
  }
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
