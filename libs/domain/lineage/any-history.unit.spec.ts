import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContradictionDetected, Settlement } from '../belief/contradiction.js';
import { evidence, learned } from '../memory/memory.fixture.js';
import { buildLineage } from './build-graph.js';
import type { LineageGraph } from './lineage.js';
import { detected, RecordedWorld, restored } from './lineage.fixture.js';

const memoryIds = ['a', 'b', 'c', 'd', 'e'];
const kinds = [
  'hear',
  'state',
  'again',
  'revise',
  'replace',
  'contradict',
  'settle',
  'undo',
  'forget',
  'erase',
] as const;

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    memory: fc.constantFrom(...memoryIds),
    other: fc.constantFrom(...memoryIds),
    settlement: fc.constantFrom<Settlement | null>('superseded', 'rejected', 'kept_both', 'undone', null),
    isImport: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

/** Carries a step out where it makes sense in the world as it is. */
function live(world: RecordedWorld, { kind, memory, other, settlement, isImport }: Step, number: number): void {
  const state = world.state(memory);
  const isNew = !world.told.some(({ subjectId }) => subjectId === memory);
  const reason = isImport ? 'import' : 'user';
  const contradictions = world.told.filter(({ event }) => event.event.type === 'ContradictionDetected');
  if (kind === 'hear' && isNew) world.hear(memory, `I live in town ${number}`);
  if (kind === 'state' && isNew) world.append(reason, learned(memory));
  if (state === null || world.erased.has(memory)) return;
  const change = (...events: Parameters<RecordedWorld['append']> extends [string, ...infer More] ? More : never) =>
    world.append(reason, ...events);
  if (kind === 'again') {
    const piece = evidence(`${memory}-again-${number % 3}`);
    change({ type: 'MemoryReinforced', data: { memoryId: memory, evidence: piece } });
  }
  if (kind === 'revise') change({ type: 'MemoryRevised', data: { memoryId: memory, content: `words ${number}` } });
  if (kind === 'forget') change({ type: 'MemoryForgotten', data: { memoryId: memory } });
  if (kind === 'erase') world.erased.add(memory);
  if (kind === 'settle' && contradictions.length > 0) {
    const found = contradictions[number % contradictions.length]!.event.event as ContradictionDetected;
    const { contradictionId, memoryId, otherId } = found.data;
    const resolved = { contradictionId, memoryId, otherId, settlement, reason: 'said so' };
    change({ type: 'ContradictionResolved', data: resolved });
  }
  if (kind === 'undo') {
    const events = world.told.filter(({ subjectId }) => subjectId === memory);
    if (events.length > 1) change(restored(memory, [events.at(-1)!.event.eventId], { ...state, supersededBy: null }));
  }
  if (memory === other || world.state(other) === null) return;
  const supersede = (contradictionId: string | null) =>
    ({
      type: 'MemorySuperseded',
      data: { memoryId: memory, supersededBy: other, contradictionId, validTo: null },
    }) as const;
  if (kind === 'replace') change(supersede(null));
  if (kind === 'contradict') {
    change(detected(`c-${number}`, other, memory, { settlement }));
    if (settlement === 'superseded') change(supersede(`c-${number}`));
  }
}

/** Ids of the nodes that no path joins with the versions of the memory. */
function orphans({ nodes, edges }: LineageGraph): string[] {
  const joined = new Set(nodes.filter(({ kind }) => kind === 'version').map(({ id }) => id));
  for (const id of joined) {
    for (const { from, to } of edges) {
      if (from === id) joined.add(to);
      if (to === id) joined.add(from);
    }
  }
  return nodes.filter(({ id }) => !joined.has(id)).map(({ id }) => id);
}

describe('the lineage of any memory after any history', () => {
  it('ends in a message, an import or a statement, has no orphan, and reads nothing later than it was asked for', () => {
    let graphs = 0;
    const property = fc.property(steps, fc.nat({ max: 45 }), (history, asked) => {
      const world = new RecordedWorld();
      history.forEach((step, number) => live(world, step, number));
      for (const asOf of [null, asked]) {
        for (const memoryId of memoryIds) {
          const sources = world.sources(memoryId, asOf);
          const own = sources.memories.find((one) => one.memoryId === memoryId);
          if (own?.history.state.kind !== 'known') continue;
          graphs += 1;
          expectWhole(buildLineage(sources), own.history.state.memory.version);
        }
      }
    });
    fc.assert(property, { numRuns: 400 });
    expect(graphs).toBeGreaterThan(400);
  });

  function expectWhole(graph: LineageGraph, version: number): void {
    expect(graph.roots.length).toBeGreaterThan(0);
    expect(orphans(graph)).toEqual([]);
    const ids = graph.nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { from, to } of graph.edges) expect([ids.includes(from), ids.includes(to)]).toEqual([true, true]);
    const current = graph.nodes.filter((node) => node.kind === 'version' && node.isCurrent);
    expect(current).toMatchObject([{ number: version }]);
    const { asOf } = graph;
    for (const { position } of graph.events) expect(position).toBeLessThanOrEqual(asOf ?? position);
    for (const { told } of graph.nodes) expect(told.position).toBeLessThanOrEqual(asOf ?? told.position);
    const places = new Map(graph.chain.map(({ memoryId }, index) => [memoryId, index]));
    expect(places.has(graph.memoryId)).toBe(true);
  }
});
