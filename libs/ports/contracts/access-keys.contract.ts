import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyBinding } from '#libs/domain/scope/ownership.js';
import { type AccessKeys, unboundKey } from '../access-keys.js';

export interface AccessKeysUnderTest {
  keys: AccessKeys;
  /** The same store seen from another process. */
  keysElsewhere: AccessKeys;
  create(tenantId: string, binding: KeyBinding): Promise<{ keyId: string; secret: string }>;
  revoke(keyId: string): Promise<unknown>;
  /** Lets the processes lose whatever tells them of changes, without telling them. */
  disturb(): Promise<void>;
  stop(): Promise<void>;
}

const withinMs = 1_000;

/** The promises of `AccessKeys`, one test each. The tenants `acme` and `other` exist. */
export function accessKeysContract(name: string, start: () => Promise<AccessKeysUnderTest>): void {
  describe(`${name} keeps the promises of AccessKeys`, () => {
    let subject: AccessKeysUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('answers a key with its own tenant and binding, in every process', async () => {
      const binding = { projectName: 'p', teamName: 't', agentName: 'a', userId: 'u' };
      const bound = await subject.create('acme', binding);
      const free = await subject.create('other', unboundKey);
      for (const keys of [subject.keys, subject.keysElsewhere]) {
        for (let time = 0; time < 2; time += 1) {
          expect(await keys.find(bound.secret)).toMatchObject({ id: bound.keyId, tenantId: 'acme', binding });
          expect(await keys.find(free.secret)).toMatchObject({
            id: free.keyId,
            tenantId: 'other',
            binding: unboundKey,
          });
        }
      }
    });

    it('knows no key that is unknown or malformed, however much of it is right', async () => {
      const { secret, keyId } = await subject.create('acme', unboundKey);
      const nearly = [
        secret.slice(0, -1),
        `${secret}x`,
        ` ${secret}`,
        secret.toUpperCase(),
        secret.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      ];
      const malformed = ['', keyId, 'ms_', '\0', "' OR 1=1 --", '\ud800', '界', 'x'.repeat(1_000_000)];
      for (const wrong of [...nearly, ...malformed]) expect(await subject.keys.find(wrong)).toBeNull();
    });

    it('stops a revoked key within a second, in every process', async () => {
      const { secret, keyId } = await subject.create('acme', unboundKey);
      const everywhere = [subject.keys, subject.keysElsewhere];
      for (const keys of everywhere) expect(await keys.find(secret)).not.toBeNull();
      await subject.revoke(keyId);
      const revokedAtMs = performance.now();
      for (const keys of everywhere) {
        while ((await keys.find(secret)) !== null) {
          if (performance.now() - revokedAtMs > withinMs) throw new Error('still works after a second');
        }
        expect(await keys.find(secret)).toBeNull();
      }
    });

    it('stops a revoked key also when the process has just lost what tells it of changes', async () => {
      const { secret, keyId } = await subject.create('acme', unboundKey);
      expect(await subject.keys.find(secret)).not.toBeNull();
      await subject.disturb();
      await subject.revoke(keyId);
      await new Promise((resolve) => setTimeout(resolve, withinMs));
      expect(await subject.keys.find(secret)).toBeNull();
    });

    it('stops a key that is revoked while it is looked up', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { secret, keyId } = await subject.create('acme', unboundKey);
        const lookUps = Array.from({ length: 8 }, () => subject.keys.find(secret));
        await Promise.all([...lookUps, subject.revoke(keyId)]);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await subject.keys.find(secret)).toBeNull();
      }
    });
  });
}
