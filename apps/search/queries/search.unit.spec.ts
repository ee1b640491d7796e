import { expect, it } from '@jest/globals';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { SearchQuery } from '#libs/ports/memory-queries.js';
import { Search } from './search.js';

it('says what to do where vectors are asked for and no embedder is there', async () => {
  const nowhere = undefined as never;
  const search = new Search(servedBy(), nowhere, nowhere, nowhere, nowhere);
  const query = { text: 'tea', mode: 'vector', filter: { and: [] }, limit: 5 } as unknown as SearchQuery;
  const caller = { tenantId: 'acme' } as Caller;
  await expect(search.answer(caller, query)).rejects.toMatchObject({
    code: 'embedder_missing',
    message: expect.stringContaining('MEMORYSTACK_EMBEDDER=static') as unknown,
  });
});
