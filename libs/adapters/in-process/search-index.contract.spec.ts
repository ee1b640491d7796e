import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { InProcessSearchIndex } from './search-index.js';

searchIndexContract('in process', () => new InProcessSearchIndex(new TinyEmbedder()));
