import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accepted, call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';

const head = 100;

describe('reading your own writes', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
    gateway.queries.head = head;
  });
  beforeEach(() => {
    gateway.positions.isKnown = true;
    gateway.positions.written.clear();
  });
  afterAll(() => gateway.application.close());

  const minPositionOf = async (path: string): Promise<number | undefined> => {
    expect((await call(gateway, 'GET', path)).status).toBe(200);
    return gateway.queries.last.minPosition;
  };

  it('needs nothing for a key that has written nothing', async () => {
    expect(await minPositionOf('/memories')).toBe(0);
  });

  it('remembers a write before it answers it', async () => {
    gateway.bus.answer = () => accepted({ memoryIds: [] }, 42);
    await call(gateway, 'POST', '/agents', { body: { name: 'Ada' } });
    expect(gateway.positions.written.get('key-plain')).toBe(42);
  });

  it('needs the end of the log when nobody knows what the key has written', async () => {
    gateway.positions.isKnown = false;
    expect(await minPositionOf('/memories')).toBe(head);
    expect(await minPositionOf('/memories?min_position=7')).toBe(head);
  });

  it.each([true, false])('refuses a position beyond the end of the log, known or not (%s)', async (isKnown) => {
    gateway.positions.isKnown = isKnown;
    const answer = await call(gateway, 'GET', `/memories?min_position=${head + 1}`);
    expect(answer.json).toMatchObject({ code: 'position_in_future', details: { head } });
  });
});
