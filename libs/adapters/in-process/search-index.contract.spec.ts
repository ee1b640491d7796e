import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { InstantVectors } from './instant-vectors.js';
import { Turns } from './search-index/turns.js';
import { InProcessSearchIndex } from './search-index.js';

const vectors = new InstantVectors(new TinyEmbedder());

searchIndexContract('in process', () => new InProcessSearchIndex(vectors));
searchIndexContract('in process, others first at every step', () => new InProcessSearchIndex(vectors, new Turns(0)), {
  histories: 100,
  timeoutMs: 60_000,
});
