import { commandOutcomesContract } from '#libs/ports/contracts/command-outcomes.contract.js';
import { InProcessCommandOutcomes } from './command-outcomes.js';

commandOutcomesContract('InProcessCommandOutcomes', async () => {
  const outcomes = new InProcessCommandOutcomes();
  return { gateway: outcomes, ingestion: outcomes };
});
