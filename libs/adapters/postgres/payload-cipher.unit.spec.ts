import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveKey, keyBytes, keyedHash, newKey, open, seal } from './payload-cipher.js';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('a sealed payload', () => {
  it('opens to what was sealed, under its key and in its context', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plaintext, context) => {
        const key = newKey();
        expect(Buffer.compare(open(key, seal(key, plaintext, context), context), plaintext)).toBe(0);
      }),
    );
  });

  it('does not open when a single bit of it was changed, or a byte is missing', () => {
    const key = newKey();
    const sealed = seal(key, Buffer.from('tea at four'), 'event 1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => open(key, changed, 'event 1')).toThrow();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open(key, sealed.subarray(0, length), 'event 1')).toThrow();
    }
  });

  it('opens under no other key and in no other context', () => {
    const key = newKey();
    const sealed = seal(key, Buffer.from('tea at four'), 'event 1');
    expect(() => open(newKey(), sealed, 'event 1')).toThrow();
    for (const context of ['event 2', '', 'event 1 ', 'Event 1']) expect(() => open(key, sealed, context)).toThrow();
  });

  it('is another one each time, and gives nothing away but its length', () => {
    const key = newKey();
    const plaintext = Buffer.from('tea at four, tea at four, tea at four');
    const sealed = Array.from({ length: 200 }, () => seal(key, plaintext, 'c'));
    expect(new Set(sealed.map((one) => one.subarray(0, 12).toString('hex'))).size).toBe(200);
    expect(new Set(sealed.map((one) => one.length))).toEqual(new Set([12 + plaintext.length + 16]));
    for (const one of sealed) expect(one.includes('tea')).toBe(false);
  });
});

describe('derived keys and keyed hashes', () => {
  it('are the same for the same purpose and key, and others for any other', () => {
    const [key, other] = [newKey(), newKey()];
    expect(deriveKey(key, 'hashes')).toEqual(deriveKey(key, 'hashes'));
    expect(deriveKey(key, 'hashes')).toHaveLength(keyBytes);
    const derived = [deriveKey(key, 'hashes'), deriveKey(key, 'api keys'), deriveKey(other, 'hashes'), key];
    expect(new Set(derived.map(String)).size).toBe(4);
  });

  it('never hash two lists of parts as the same bytes', () => {
    const key = newKey();
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\') }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const isSame = left.length === right.length && left.every((part, index) => part === right[index]);
        expect(keyedHash(key, left).equals(keyedHash(key, right))).toBe(isSame);
      }),
    );
  });
});
