import { writtenPositionsContract } from '#libs/ports/contracts/written-positions.contract.js';
import { InProcessWrittenPositions } from './written-positions.js';

writtenPositionsContract('InProcessWrittenPositions', async (keptMs) => {
  const positions = new InProcessWrittenPositions(keptMs);
  return { writer: positions, reader: positions };
});
