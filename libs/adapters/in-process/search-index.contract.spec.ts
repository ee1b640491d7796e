import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { InstantVectors } from './instant-vectors.js';
import { InProcessSearchIndex } from './search-index.js';

searchIndexContract('in process', () => new InProcessSearchIndex(new InstantVectors(new TinyEmbedder())));
