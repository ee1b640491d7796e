import { memoryMiningContract } from '#libs/ports/contracts/memory-mining.contract.js';
import { ThreadedMining } from './threaded-mining.js';

// The compiled thread, as a server runs it.
const thread = new URL('../../../../dist/libs/adapters/rules/mining/mining-thread.js', import.meta.url);

memoryMiningContract('mining by rules in a thread', async () => {
  const mining = new ThreadedMining(thread);
  return { mining, stop: () => mining.close() };
});
