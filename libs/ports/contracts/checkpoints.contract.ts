import { describe, expect, it } from '@jest/globals';
import type { Checkpoints } from '../checkpoints.js';

/** The promises of `Checkpoints`, one test each. */
export function checkpointsContract(
  name: string,
  make: () => Promise<{ checkpoints: Checkpoints; newTenant(): Promise<string> }>,
): void {
  describe(`${name} keeps the promises of Checkpoints`, () => {
    it('has every tenant at 0 before it was projected, and again after a reset', async () => {
      const { checkpoints, newTenant } = await make();
      const tenant = await newTenant();
      expect(await checkpoints.position('search-index-1', tenant)).toBe(0);
      await checkpoints.advance('search-index-1', tenant, 7);
      await checkpoints.reset('search-index-1', tenant);
      expect(await checkpoints.position('search-index-1', tenant)).toBe(0);
    });

    it('never goes back', async () => {
      const { checkpoints, newTenant } = await make();
      const tenant = await newTenant();
      await Promise.all([3, 9, 5].map((position) => checkpoints.advance('search-index-1', tenant, position)));
      expect(await checkpoints.position('search-index-1', tenant)).toBe(9);
    });

    it('keeps projections and tenants apart', async () => {
      const { checkpoints, newTenant } = await make();
      const [one, other] = [await newTenant(), await newTenant()];
      await checkpoints.advance('search-index-1', one, 4);
      expect(await checkpoints.position('read-model', one)).toBe(0);
      expect(await checkpoints.position('search-index-1', other)).toBe(0);
    });
  });
}
