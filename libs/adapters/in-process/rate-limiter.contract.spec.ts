import {
  contractBurst,
  contractRatePerSecond,
  rateLimiterContract,
} from '#libs/ports/contracts/rate-limiter.contract.js';
import { InProcessRateLimiter } from './rate-limiter.js';

rateLimiterContract('InProcessRateLimiter', async () => {
  let nowMs = 1_700_000_000_000;
  const settings = { ratePerSecond: contractRatePerSecond, burst: contractBurst };
  return {
    limiter: new InProcessRateLimiter(settings, () => nowMs),
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
});
