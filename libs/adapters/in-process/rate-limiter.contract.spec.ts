import { rateLimiterContract } from '#libs/ports/contracts/rate-limiter.contract.js';
import { InProcessRateLimiter } from './rate-limiter.js';

rateLimiterContract('InProcessRateLimiter', async () => {
  let nowMs = 1_700_000_000_000;
  return {
    limiter: new InProcessRateLimiter(() => nowMs),
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
});
