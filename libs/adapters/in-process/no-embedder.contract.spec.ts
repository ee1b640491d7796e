import { embedderContract } from '#libs/ports/contracts/embedder.contract.js';
import { NoEmbedder } from './no-embedder.js';

embedderContract('the embedder none', () => new NoEmbedder());
