import { embedderContract } from '#libs/ports/contracts/embedder.contract.js';
import { StaticEmbedder } from './static-embedder.js';

embedderContract('the embedder static', () => new StaticEmbedder());
