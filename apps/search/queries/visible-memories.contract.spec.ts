import { memoryQueriesContract } from '#libs/ports/contracts/memory-queries.contract.js';
import { startQueriesUnderTest } from './queries.fixture.js';

memoryQueriesContract('search in one process', startQueriesUnderTest);
