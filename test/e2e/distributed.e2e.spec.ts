import { describe, expect, it } from '@jest/globals';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import { useDistributedServer } from '#test/harness/distributed.js';

interface Results {
  results: MemoryOnTheWire[];
}

describe('the services of the distributed profile', () => {
  const server = useDistributedServer();

  it('show a write to the next list and search', async () => {
    const client = server.client();
    const written = await client.post('/memories', { messages: [{ role: 'user', content: 'I love quokkas' }] });
    expect(written.status).toBe(201);
    const [id] = written.json<CreatedAnswer>().memory_ids;
    const listed = await client.get('/memories');
    expect(listed.json<Results>().results.map((memory) => memory.id)).toEqual([id]);
    const found = await client.get('/memories/search?query=quokkas');
    expect(found.json<Results>().results.map((memory) => memory.id)).toEqual([id]);
  });
});
