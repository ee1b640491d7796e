import { searchIndexLearningContract } from '#libs/ports/contracts/search-index-learning.contract.js';
import { InProcessSearchIndex } from './search-index.js';

searchIndexLearningContract('in process', async (vectors) => new InProcessSearchIndex(vectors));
