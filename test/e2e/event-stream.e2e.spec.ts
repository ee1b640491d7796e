import { expect, it } from '@jest/globals';
import { useServer } from '#test/harness/server.js';

const server = useServer();

it('a stream of events ends when the server stops', async () => {
  const follower = server.client().listen('/events');
  await server.client().post('/memories', { content: 'The zebra is called Zora' });
  await follower.until((text) => text.includes('Zora'));
  const exit = await server.end('SIGTERM');
  expect(exit).toMatchObject({ code: 0 });
  expect(await follower.end()).toContain('Zora');
});
