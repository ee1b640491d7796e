import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { assertStorableText } from './http-text.js';
import { invalid } from './problem.js';

/**
 * JSON is the only body there is. An empty one counts as `{}`: published clients send DELETE and POST with
 * `Content-Type: application/json` and nothing after it. `__proto__` keys are refused, and so is text that no store keeps.
 */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, {});
    if (!isUtf8(body)) return done(invalid('', 'The body is not valid UTF-8'));
    parse(request, body.toString('utf8'), (error, value) => {
      if (error) return done(invalid('', explain(error)));
      try {
        assertStorableText(value);
      } catch (err) {
        return done(err as Error);
      }
      done(null, value);
    });
  });
}

function explain(error: Error): string {
  return /prototype/.test(error.message)
    ? 'The body holds a key named __proto__ or constructor.prototype: rename it'
    : 'The body is not valid JSON';
}
