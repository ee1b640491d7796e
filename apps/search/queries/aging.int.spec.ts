import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { callerOf, nowhere, startTestService, type TestService } from '#test/harness/service.js';

const caller = callerOf('acme');
let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  for (const [user, saidAt] of [
    ['old', '2020-01-05T10:00:00.000Z'],
    ['new', new Date().toISOString()],
  ] as const) {
    const message = { role: 'user', content: 'My package is in transit.', name: null, externalId: null, saidAt };
    const placement = { ...nowhere, userId: user };
    await service.send(caller, { type: 'IngestConversation', messages: [message], placement, metadata: {} });
  }
});
afterAll(() => service.stop());

async function found() {
  const position = await service.log.headPosition('acme');
  const asked = { text: 'package', filter: { and: [] }, limit: 10, mode: 'text' as const, explain: true };
  const { hits } = await service.queries.search(caller, { ...asked, includeEpisodes: false }, position);
  return hits.map(({ memory, score, explanation }) => ({
    user: memory!.ownership.userId,
    score,
    decay: explanation!.adjustments.find(({ name }) => name === 'decay'),
  }));
}

it('lets what wears off give way to what is new, where the tenant wants it, and says by how much', async () => {
  const plain = await found();
  expect(plain.map(({ decay }) => decay)).toEqual([undefined, undefined]);
  await service.send(caller, { type: 'SetMaintenanceSettings', settings: { decayEnabled: true } });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const aged = await found();
  expect(aged.map(({ user }) => user)).toEqual(['new', 'old']);
  for (const { user, score, decay } of aged) {
    const before = plain.find((one) => one.user === user)!.score;
    expect(score - before).toBeCloseTo(decay!.amount, 9);
    expect(Math.abs(decay!.amount)).toBeLessThanOrEqual(Math.abs(before) * 0.1 + 1e-9);
    expect(Math.sign(decay!.amount)).toBe(user === 'new' ? 1 : -1);
  }
});
