import { describe, expect, it } from '@jest/globals';
import type { MergeChange } from '#libs/domain/maintenance/planned-change.js';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import { projectedMemory } from '#libs/ports/contracts/read-model.fixture.js';
import { Planning } from './plan.js';
import { stepsOf } from './steps.js';

const request: RunRequest = {
  ...{ kind: 'consolidate', isDryRun: false, within: { and: [] }, maxRetiredShare: 0.1, boundTo: null },
  settings: {
    ...{ similarity_threshold: 0.9, time_window_days: 7, analysis_depth: 'shallow' },
    ...{ min_pattern_strength: 0.7, archive_after_days: 180 },
  },
  askedAt: '2026-03-01T10:00:00.000Z',
};
const memories = Array.from({ length: 40 }, (_, index) => projectedMemory(index + 1));
const named = (index: number) => ({ memoryId: memories[index]!.id, version: 1 });
const merge = (into: number, ...sources: number[]): MergeChange => ({
  ...{ change: 'merge', ...named(into), sources: sources.map(named), similarity: 0.95, reasons: ['same words'] },
});

describe('a plan', () => {
  it('is the same run on the same log with the same wishes, and another one otherwise', () => {
    const ids = [
      new Planning('acme', request, 7),
      new Planning('acme', { ...request, isDryRun: true, askedAt: '2026-03-02T10:00:00.000Z' }, 7),
      new Planning('acme', request, 8),
      new Planning('other', request, 7),
      new Planning('acme', { ...request, maxRetiredShare: 0.2 }, 7),
    ].map(({ runId }) => runId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
  });

  it('is guarded by believer: a tenth of one may go, and no more', () => {
    const allowed = new Planning('acme', request, 7);
    allowed.add(memories, [merge(0, 1, 2), merge(3, 4, 5)]);
    expect(allowed.plan().planned).toMatchObject({ changes: { merge: 2 }, retired: 4, guarded: [] });
    const tooMuch = new Planning('acme', request, 7);
    tooMuch.add(memories, [merge(0, 1, 2)]);
    tooMuch.add(memories.slice(0, 9), [merge(3, 4)]);
    expect(tooMuch.plan().planned.guarded).toEqual([{ scope: 'personal', memories: 9, retired: 1 }]);
  });

  it('shows the events with the memory as it was', () => {
    const [shown] = new Planning('acme', request, 7).add(memories, [merge(0, 1)]);
    expect(shown!.events).toMatchObject([
      { event: 'MemoriesConsolidated', memory_id: memories[0]!.id, version: 1, before: { content: 'Memory 1' } },
      { event: 'MemorySuperseded', memory_id: memories[1]!.id, data: { supersededBy: memories[0]!.id } },
    ]);
  });
});

describe('the steps of a plan', () => {
  it('hold every change once, in order, and never more than a commit has room for', () => {
    const many = Array.from({ length: 500 }, (_, index) => merge(index % 20, 20 + (index % 20)));
    const steps = stepsOf(many);
    expect(steps.flat()).toEqual(many);
    for (const step of steps) expect(step.length * 2).toBeLessThanOrEqual(126);
    expect(steps.length).toBeLessThan(10);
  });

  it('are one for a plan that changes nothing', () => {
    expect(stepsOf([])).toEqual([[]]);
  });

  it('are small where changes are large', () => {
    const large = merge(0, 1);
    large.reasons = ['x'.repeat(100_000)];
    expect(stepsOf([large, large, large]).map((step) => step.length)).toEqual([1, 1, 1]);
  });
});
