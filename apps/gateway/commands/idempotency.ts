import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Command, Idempotency } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import type { JobKind } from '#libs/ports/job-queue.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { FileBody } from '#libs/service-kit/http-body.js';
import { invalid } from '#libs/service-kit/problem.js';
import { canonicalJson } from '#libs/contracts/canonical-json.js';

/** They change back and forth: a person who undoes, redoes and undoes means it each time. */
const neverARetry: readonly (Command['type'] | JobKind)[] = [
  'ReviseMemory',
  'UndoChange',
  'ResolveContradiction',
  'SetBeliefPolicies',
  'batch_update',
  // What waits changes meanwhile.
  'batch_embeddings',
  'SetMaintenanceSettings',
  // A plan is made on what is there now, and what is done already is not done twice.
  ...(['consolidate', 'reflect', 'expire', 'revert'] as const),
  // What is there already is told, and nothing is done twice.
  'ImportMemories',
  'import',
];
const headerPattern = /^[\x20-\x7e]{1,255}$/;

/**
 * How a repetition of `request` is recognised. With an `Idempotency-Key`, by that key for 24 hours. Without one, a
 * request counts as a retry when key, session, path and content are the same within the window, unless its command is
 * one that goes back and forth.
 * @throws ServiceError validation_failed for a header that is not 1 to 255 printable characters
 */
export function idempotencyOf(
  request: Pick<FastifyRequest, 'method' | 'url' | 'query' | 'body' | 'headers'>,
  caller: Caller,
  { type }: { type: Command['type'] | JobKind },
  retryWindowSeconds: number,
): Idempotency | null {
  const given = request.headers['idempotency-key'];
  const isNamed = given !== undefined;
  if (!isNamed && (retryWindowSeconds === 0 || neverARetry.includes(type))) return null;
  const path = request.url.replace(/\?.*/s, '');
  const requestHash = hash([request.method, path, canonicalJson([request.query, contentOf(request.body)])]);
  if (isNamed) {
    if (typeof given !== 'string' || !headerPattern.test(given)) {
      throw invalid('Idempotency-Key', 'must be 1 to 255 printable ASCII characters');
    }
    const key = hash(['key', caller.keyId, given]);
    return { kind: 'key', key, requestHash, ttlSeconds: limits.idempotencyKeyHours * 3600 };
  }
  const key = hash(['window', caller.keyId, caller.sessionId, requestHash]);
  return { kind: 'window', key, requestHash, ttlSeconds: retryWindowSeconds };
}

function hash(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A file counts by its bytes. */
function contentOf(body: unknown): unknown {
  const { file } = (body ?? {}) as { file?: FileBody };
  if (!Buffer.isBuffer(file?.start)) return body;
  return { file: createHash('sha256').update(file.start).digest('hex') };
}
