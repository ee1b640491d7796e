import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RateDecision, RateLimiter } from '#libs/ports/rate-limiter.js';

/** A limiter on a clock that only moves when told to. */
export interface LimiterUnderTest {
  limiter: RateLimiter;
  nowMs(): number;
  advance(ms: number): void;
}

const contractRatePerSecond = 10;
const contractBurst = 20;
const contractRate = { ratePerSecond: contractRatePerSecond, burst: contractBurst };

/** What every rate limiter promises, one test a promise. */
export function rateLimiterContract(name: string, make: () => Promise<LimiterUnderTest>): void {
  describe(`${name} keeps the promises of RateLimiter`, () => {
    let subject: LimiterUnderTest;
    const take = async (times: number, tenant = 'one'): Promise<RateDecision[]> => {
      const decisions: RateDecision[] = [];
      for (let count = 0; count < times; count += 1) decisions.push(await subject.limiter.take(tenant, contractRate));
      return decisions;
    };
    const allowedOf = (decisions: RateDecision[]): number => decisions.filter(({ allowed }) => allowed).length;

    beforeEach(async () => {
      subject = await make();
    });

    it('allows the burst at once, and not one more', async () => {
      expect(allowedOf(await take(contractBurst))).toBe(contractBurst);
      expect(allowedOf(await take(5))).toBe(0);
    });

    it('allows at most burst plus rate in any second, wherever the second starts', async () => {
      const allowedAtMs: number[] = [];
      for (let step = 0; step < 400; step += 1) {
        const [decision] = await take(1);
        if (decision!.allowed) allowedAtMs.push(subject.nowMs());
        subject.advance(step % 7 === 0 ? 90 : 10);
      }
      for (const start of allowedAtMs) {
        const inSecond = allowedAtMs.filter((at) => at >= start && at < start + 1000).length;
        expect(inSecond).toBeLessThanOrEqual(contractBurst + contractRatePerSecond);
      }
      expect(allowedAtMs.length).toBeGreaterThan(contractBurst);
    });

    it('gives back the rate with time, and never more than the burst', async () => {
      await take(contractBurst);
      subject.advance(500);
      expect(allowedOf(await take(10))).toBe(contractRatePerSecond / 2);
      subject.advance(3_600_000);
      expect(allowedOf(await take(contractBurst + 5))).toBe(contractBurst);
    });

    it("does not count one tenant's requests against another", async () => {
      await take(contractBurst + 1, 'one');
      const [first] = await take(1, 'two');
      expect(first).toMatchObject({ allowed: true, remaining: contractBurst - 1 });
    });

    it('goes by a changed plan from the next request on, and fills no more than its burst', async () => {
      await take(2);
      const smaller = { ratePerSecond: 1, burst: 5 };
      expect(await subject.limiter.take('one', smaller)).toMatchObject({ allowed: true, limit: 5, remaining: 4 });
      expect(await subject.limiter.take('one', contractRate)).toMatchObject({ limit: contractBurst, remaining: 3 });
    });

    it('lowers remaining by one a request, and never below 0', async () => {
      const remaining = (await take(contractBurst + 3)).map((decision) => decision.remaining);
      const expected = Array.from({ length: contractBurst + 3 }, (_, index) => Math.max(0, contractBurst - 1 - index));
      expect(remaining).toEqual(expected);
    });

    it('says when to come back: after that wait a request is allowed, and at the reset the budget is whole', async () => {
      const refused = (await take(contractBurst + 1)).at(-1)!;
      expect(refused).toMatchObject({ allowed: false, limit: contractBurst });
      expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      const toResetMs = refused.resetAtSeconds * 1000 - subject.nowMs();
      subject.advance(refused.retryAfterSeconds * 1000);
      expect(allowedOf(await take(1))).toBe(1);
      subject.advance(toResetMs);
      expect((await take(1))[0]!.remaining).toBe(contractBurst - 1);
    });
  });
}
