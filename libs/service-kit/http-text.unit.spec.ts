import { describe, expect, it } from '@jest/globals';
import type { ServiceError } from '#libs/contracts/errors.js';
import { assertStorable } from './http-text.js';

function fieldsOf(value: unknown): unknown {
  try {
    assertStorable(value);
  } catch (err) {
    return (err as ServiceError).facts['fields'];
  }
  return null;
}

describe('assertStorable', () => {
  it.each([
    ['a NUL', { content: 'a\0b' }, 'content'],
    ['a lone high surrogate', { messages: [{ content: 'a\ud83d' }] }, 'messages.0.content'],
    ['a lone low surrogate', { metadata: { deep: ['\ude00'] } }, 'metadata.deep.0'],
    ['a key', { metadata: { 'k\0': 1 } }, 'metadata'],
  ])('refuses %s and names the field', (_, value, field) => {
    expect(fieldsOf(value)).toEqual([{ field, message: expect.stringContaining('NUL') }]);
  });

  it('refuses a key that would become a prototype, at any depth', () => {
    expect(fieldsOf(JSON.parse('{"a":[{"__pr\\u006fto__":{"admin":true}}]}'))).toEqual([
      { field: 'a.0.__proto__', message: expect.stringContaining('rename') },
    ]);
    expect(fieldsOf(JSON.parse('{"constructor":{"prototype":1}}'))).toBeNull();
  });

  it('takes whole surrogate pairs, other control characters, numbers and null', () => {
    expect(fieldsOf({ content: '😀 \u0001\n', list: [1, null, true, ''] })).toBeNull();
  });

  it('refuses JSON nested beyond 48 levels before the stack ends', () => {
    const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(fieldsOf(nested)).toEqual([{ field: '', message: expect.stringContaining('48') }]);
    expect(fieldsOf(JSON.parse(`${'['.repeat(48)}${']'.repeat(48)}`))).toBeNull();
  });
});
