import { describe, expect, it } from '@jest/globals';
import { episodeRow, memoryId, memoryRow } from '../rows.fixture.js';
import { packContext } from './context-packing.js';

const hit = (content: string) => ({ memory: memoryRow({ content }), episode: null, score: 1, sources: [] });
const handoff = {
  id: 'h-1',
  fromAgent: 'Support Agent',
  toAgent: 'Billing Specialist',
  sessionId: 's',
  reason: 'Requires billing\naccess',
  context: { invoice: 4521 },
  recordedAt: '2024-05-02T10:00:00.000Z',
};

describe('packContext', () => {
  it('writes handoffs first, then hits, one line each, and names where they come from', () => {
    const episode = { memory: null, episode: episodeRow(), score: 1, sources: [] };
    const packed = packContext([handoff], [hit('Likes\n- [fact] tea'), episode], 1000);
    expect(packed.text.split('\n')).toEqual([
      '- [handoff, 2024-05-02] Support Agent to Billing Specialist: Requires billing access {"invoice":4521}',
      `- [preference, 2024-05-01] Likes - [fact] tea (memory ${memoryId})`,
      `- [message, 2024-04-30] Ada: I moved to Lyon (message ${episode.episode.id})`,
    ]);
    expect(packed.hits).toHaveLength(2);
    expect(packed.tokenCount).toBe(Math.ceil(packed.text.length / 4));
  });

  it('stays within the budget, leaves out what is too long, and still takes what fits after it', () => {
    const packed = packContext([], [hit('short'), hit('long '.repeat(100)), hit('brief')], 45);
    expect(packed.hits.map(({ memory }) => memory!.content)).toEqual(['short', 'brief']);
    expect(packed.tokenCount).toBeLessThanOrEqual(45);
    expect(packed.tokenCount).toBe(Math.ceil(packed.text.length / 4));
  });

  it('is empty when nothing was found', () => {
    expect(packContext([], [], 100)).toEqual({ text: '', tokenCount: 0, hits: [] });
  });
});
