import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identities } from '../identities.js';

export interface IdentitiesUnderTest {
  identities: Identities;
  /** The same identities in another process. */
  identitiesElsewhere: Identities;
  stop(): Promise<void>;
}

const kinds = ['project', 'team', 'agent', 'conversation'] as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The promises of `Identities`, one test each. The tenants `acme` and `other` exist. */
export function identitiesContract(name: string, start: () => Promise<IdentitiesUnderTest>): void {
  describe(`${name} keeps the promises of Identities`, () => {
    let subject: IdentitiesUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('gives the same UUID for the same tenant, kind and parts, in every process', async () => {
      for (const kind of kinds) {
        const ids = await Promise.all([
          subject.identities.id('acme', kind, ['p', 'editorial']),
          subject.identities.id('acme', kind, ['p', 'editorial']),
          subject.identitiesElsewhere.id('acme', kind, ['p', 'editorial']),
        ]);
        expect(ids[0]).toMatch(uuid);
        expect(new Set(ids).size).toBe(1);
      }
      const keys = [subject.identities, subject.identitiesElsewhere].map((one) => one.contentKey('acme', ['a', 'b']));
      const [here, elsewhere] = await Promise.all(keys);
      expect(here).toBe(elsewhere);
    });

    it('gives different ids for different tenants, kinds and parts', async () => {
      const parts = [
        ['editorial'],
        ['Editorial'],
        ['edit', 'orial'],
        ['editorial', ''],
        ['', 'editorial'],
        ['"editorial"'],
        [],
      ];
      const ids = await Promise.all(
        ['acme', 'other'].flatMap((tenantId) =>
          kinds.flatMap((kind) => parts.map((one) => subject.identities.id(tenantId, kind, one))),
        ),
      );
      expect(new Set(ids).size).toBe(2 * kinds.length * parts.length);
      const keys = await Promise.all(
        ['acme', 'other'].flatMap((tenantId) => parts.map((one) => subject.identities.contentKey(tenantId, one))),
      );
      expect(new Set(keys).size).toBe(2 * parts.length);
    });

    it('gives nothing of the text away', async () => {
      const name = 'cafe';
      const given = `${await subject.identities.id('acme', 'team', [name])} ${await subject.identities.contentKey('acme', [name])}`;
      for (const form of ['utf8', 'hex', 'base64'] as const)
        expect(given).not.toContain(Buffer.from(name).toString(form));
    });
  });
}
