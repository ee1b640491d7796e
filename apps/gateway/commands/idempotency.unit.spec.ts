import { describe, expect, it } from '@jest/globals';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { idempotencyOf } from './idempotency.js';

const caller = { keyId: 'k-1', sessionId: null } as Caller;
const post = { method: 'POST', url: '/api/v1/memories', query: {}, body: { content: 'a', scope: 'team' }, headers: {} };
const learn = { type: 'LearnMemory' } as const;
const windowKey = (changes: Partial<typeof post>, who: Partial<Caller> = {}) =>
  idempotencyOf({ ...post, ...changes }, { ...caller, ...who }, learn, 60)!.key;

describe('idempotencyOf', () => {
  it('takes an Idempotency-Key for 24 hours, apart for each API key', () => {
    const headers = { 'idempotency-key': 'retry-1' };
    const found = idempotencyOf({ ...post, headers }, caller, learn, 60);
    expect(found).toMatchObject({ kind: 'key', ttlSeconds: 86_400 });
    expect(idempotencyOf({ ...post, headers }, { ...caller, keyId: 'k-2' }, learn, 60)!.key).not.toBe(found!.key);
    expect(JSON.stringify(found)).not.toContain('retry-1');
  });

  it('keeps the key but changes the hash when the same key comes with another request', () => {
    const headers = { 'idempotency-key': 'retry-1' };
    const first = idempotencyOf({ ...post, headers }, caller, learn, 60)!;
    for (const changes of [
      { body: { content: 'b' } },
      { url: '/api/v1/agents' },
      { method: 'PATCH' },
      { query: { hard: true } },
    ]) {
      const other = idempotencyOf({ ...post, ...changes, headers } as typeof post, caller, learn, 60)!;
      expect(other.key).toBe(first.key);
      expect(other.requestHash).not.toBe(first.requestHash);
    }
  });

  it('recognises the same content whatever the order of its fields, and nothing else', () => {
    const first = windowKey({});
    expect(windowKey({ body: { scope: 'team', content: 'a' } })).toBe(first);
    expect(windowKey({ url: '/api/v1/memories?x=1' })).toBe(first);
    expect(windowKey({ body: { content: 'b', scope: 'team' } })).not.toBe(first);
    expect(windowKey({}, { sessionId: 's' })).not.toBe(first);
    expect(windowKey({}, { keyId: 'k-2' })).not.toBe(first);
  });

  it('has no window when it is switched off', () => {
    expect(idempotencyOf(post, caller, learn, 0)).toBeNull();
    expect(idempotencyOf(post, caller, { type: 'ForgetMemories' }, 60)).toMatchObject({
      kind: 'window',
      ttlSeconds: 60,
    });
  });

  it.each(['ReviseMemory', 'UndoChange', 'ResolveContradiction', 'SetBeliefPolicies'] as const)(
    'has no window for %s, which goes back and forth; a key counts all the same',
    (type) => {
      expect(idempotencyOf(post, caller, { type }, 60)).toBeNull();
      const headers = { 'idempotency-key': 'retry-1' };
      expect(idempotencyOf({ ...post, headers }, caller, { type }, 60)).toMatchObject({ kind: 'key' });
    },
  );

  it.each(['', 'a'.repeat(256), 'a\tb', 'é'])('refuses the key %j', (key) => {
    expect(() => idempotencyOf({ ...post, headers: { 'idempotency-key': key } }, caller, learn, 60)).toThrow(
      'Idempotency-Key',
    );
  });
});
