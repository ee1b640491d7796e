import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { InProcessSearchIndex } from './search-index.js';

searchIndexContract('in process', () => new InProcessSearchIndex());
