import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Sealer } from '../sealer.js';

const bytes = (text: string) => Buffer.from(text);

/** The promises of `Sealer`, one test each. @param make a sealer of the installation whose master key is given */
export function sealerContract(name: string, make: (masterKey: Buffer) => Sealer): void {
  describe(`${name} keeps the promises of Sealer`, () => {
    let one: Sealer;
    let sameInstallation: Sealer;
    let otherInstallation: Sealer;
    beforeEach(() => {
      [one, sameInstallation] = [make(Buffer.alloc(32, 1)), make(Buffer.alloc(32, 1))];
      otherInstallation = make(Buffer.alloc(32, 2));
    });

    it('opens what another process of the installation sealed, whatever it is', () => {
      for (const text of ['', 'a', 'ä'.repeat(100_000)]) {
        expect(sameInstallation.open(one.seal(bytes(text), 'here'), 'here').toString()).toBe(text);
      }
    });

    it('opens it with the same context and no other, and with no other master key', () => {
      const sealed = one.seal(bytes('secret'), 'here');
      for (const context of ['there', '', 'here ']) expect(() => one.open(sealed, context)).toThrow();
      expect(() => otherInstallation.open(sealed, 'here')).toThrow();
    });

    it('throws for every single changed bit, and for a piece of the whole', () => {
      const sealed = one.seal(bytes('secret'), 'here');
      for (let bit = 0; bit < sealed.length * 8; bit += 1) {
        const changed = Buffer.from(sealed);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => one.open(changed, 'here')).toThrow();
      }
      for (let length = 0; length < sealed.length; length += 1) {
        expect(() => one.open(sealed.subarray(0, length), 'here')).toThrow();
      }
    });

    it('gives the text away neither by what it sealed, which differs each time, nor by its mark', () => {
      const [first, second] = [one.seal(bytes('allergic'), 'here'), one.seal(bytes('allergic'), 'here')];
      expect(first.equals(second)).toBe(false);
      expect(`${first.toString('latin1')} ${one.mark('allergic')}`).not.toContain('allergic');
    });

    it('marks the same text the same in every process, and another text or installation differently', () => {
      expect(one.mark('a')).toMatch(/^[0-9a-f]{64}$/);
      expect(sameInstallation.mark('a')).toBe(one.mark('a'));
      expect(new Set([one.mark('a'), one.mark('b'), one.mark(''), otherInstallation.mark('a')]).size).toBe(4);
    });
  });
}
