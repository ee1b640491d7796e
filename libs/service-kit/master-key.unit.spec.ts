import { describe, expect, it } from '@jest/globals';
import { parseMasterKey } from './master-key.js';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8 + 7));

describe('parseMasterKey', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('reads %s', (encoding) => {
    expect(parseMasterKey(`${key.toString(encoding)}\n`)).toEqual(key);
  });

  it('refuses another number of bytes', () => {
    expect(parseMasterKey(key.subarray(1).toString('hex'))).toBeNull();
    expect(parseMasterKey(key.subarray(1).toString('base64'))).toBeNull();
    expect(parseMasterKey(Buffer.concat([key, key]).toString('base64'))).toBeNull();
  });

  it('refuses characters that no encoding has', () => {
    expect(parseMasterKey('é'.repeat(43))).toBeNull();
    expect(parseMasterKey('')).toBeNull();
  });
});
