import { describe, expect, it } from '@jest/globals';
import { limits } from '../limits.js';
import { evidence, learned } from '../memory/memory.fixture.js';
import { buildLineage } from './build-graph.js';
import type { LineageGraph, LineageNode } from './lineage.js';
import { detected, RecordedWorld, restored } from './lineage.fixture.js';

const arrows = ({ edges }: LineageGraph): string[] => edges.map(({ from, type, to }) => `${from} ${type} ${to}`);
const node = (graph: LineageGraph, id: string): LineageNode => graph.nodes.find((one) => one.id === id)!;

const sides = (memoryId: string, otherId: string) => ({ contradictionId: 'c-1', memoryId, otherId });

/** Lisbon, then Porto, which takes its place by rule. */
function moved(): RecordedWorld {
  const world = new RecordedWorld();
  world.hear('lisbon', 'I live in Lisbon');
  world.append(
    'rule',
    detected('c-1', 'porto', 'lisbon'),
    learned('porto', { content: 'I moved to Porto', contradictionIds: ['c-1'] }),
    {
      type: 'MemorySuperseded',
      data: { memoryId: 'lisbon', supersededBy: 'porto', contradictionId: 'c-1', validTo: null },
    },
  );
  return world;
}

describe('the lineage of a memory', () => {
  it('leads from a message by a rule to the memory', () => {
    const world = new RecordedWorld();
    world.hear('lisbon', 'I live in Lisbon');
    const graph = buildLineage(world.sources('lisbon'));
    const [said, read] = ['message:message-1:0-16', 'extraction:lisbon-heard-0'];
    expect(arrows(graph)).toEqual([`version:1 extracted_by ${read}`, `${read} said_in ${said}`]);
    expect(node(graph, said)).toMatchObject({ quote: 'I live in Lisbon', speaker: 'Ada', visibility: 'visible' });
    expect(node(graph, read)).toMatchObject({ ruleId: 'residence', version: 'rules-1', model: null });
    expect(graph.roots).toEqual([said]);
  });

  it('ends in the key of a statement, and in an import', () => {
    for (const [reason, kind] of [
      ['user', 'statement'],
      ['import', 'import'],
    ] as const) {
      const world = new RecordedWorld();
      world.append(reason, learned('m'));
      const graph = buildLineage(world.sources('m'));
      expect(arrows(graph)).toEqual([`${kind}:m-evidence-1 led_to version:1`]);
      expect(node(graph, graph.roots[0]!)).toMatchObject({ kind, keyId: 'key-1', told: { position: 1, reason } });
    }
  });

  it('names the model and the hash of its prompt where a model read the message', () => {
    const world = new RecordedWorld();
    world.hear('m', 'I live in Lisbon');
    Object.assign(world.told[0]!.event, { decision: { model: 'small-1', promptHash: 'abc', version: 'prompt-2' } });
    const graph = buildLineage(world.sources('m'));
    expect(graph.nodes.find(({ kind }) => kind === 'extraction')).toMatchObject({
      model: 'small-1',
      promptHash: 'abc',
    });
  });

  it('shows what took the place, with the rule, from the side of the belief that gave way', () => {
    const graph = buildLineage(moved().sources('lisbon'));
    expect(arrows(graph)).toEqual(
      expect.arrayContaining([
        'version:1 led_to version:2',
        'contradiction:c-1 led_to version:2',
        'version:2 superseded_by alternative:porto',
        'alternative:porto contradicts contradiction:c-1',
        'contradiction:c-1 contradicts version:1',
      ]),
    );
    const because = {
      contradictionId: 'c-1',
      kind: 'update',
      ruleId: 'relation.single_slot',
      settlement: 'superseded',
    };
    expect(node(graph, 'alternative:porto')).toMatchObject({
      ...{ standing: 'replacing', content: 'I moved to Porto', because },
    });
    expect(node(graph, 'version:2')).toMatchObject({ status: 'superseded', isCurrent: true });
  });

  it('shows whose place it took from the side of the newer belief', () => {
    const graph = buildLineage(moved().sources('porto'));
    expect(arrows(graph)).toEqual([
      'statement:porto-evidence-1 led_to version:1',
      'version:1 supersedes alternative:lisbon',
      'version:1 contradicts contradiction:c-1',
      'contradiction:c-1 contradicts alternative:lisbon',
    ]);
    expect(node(graph, 'alternative:lisbon')).toMatchObject({ standing: 'replaced', status: 'superseded' });
  });

  it('tells the chain from the oldest belief to the newest, from wherever it is asked', () => {
    const world = moved();
    world.append('user', learned('faro', { content: 'I live in Faro' }), {
      type: 'MemorySuperseded',
      data: { memoryId: 'porto', supersededBy: 'faro', contradictionId: null, validTo: null },
    });
    for (const id of ['lisbon', 'porto', 'faro']) {
      const { chain } = buildLineage(world.sources(id));
      expect(chain.map(({ memoryId, supersededBy }) => [memoryId, supersededBy])).toEqual([
        ['lisbon', 'porto'],
        ['porto', 'faro'],
        ['faro', null],
      ]);
      expect(chain[0]).toMatchObject({ because: { ruleId: 'relation.single_slot' }, replaced: { position: 2 } });
      expect(chain[1]).toMatchObject({ because: { ruleId: null }, replaced: { reason: 'user' } });
    }
    const graph = buildLineage(world.sources('lisbon'));
    expect(arrows(graph)).toContain('alternative:porto superseded_by alternative:faro');
  });

  it('keeps an alternative that was rejected, with the reason that somebody gave', () => {
    const world = new RecordedWorld();
    world.append('user', learned('tea'));
    world.append('rule', detected('c-1', 'coffee', 'tea', { settlement: null, kind: 'conflict' }), learned('coffee'));
    const open = buildLineage(world.sources('tea'));
    expect(node(open, 'alternative:coffee')).toMatchObject({ standing: 'disputed' });
    const [resolved] = world.append('user', {
      type: 'ContradictionResolved',
      data: { ...sides('coffee', 'tea'), settlement: 'rejected', reason: 'it was a joke' },
    });
    const graph = buildLineage(world.sources('tea'));
    const because = { settlement: 'rejected', words: 'it was a joke' };
    expect(node(graph, 'alternative:coffee')).toMatchObject({ standing: 'rejected', because });
    expect(node(graph, `edit:${resolved}`)).toMatchObject({ action: 'settle', words: 'it was a joke' });
    expect(arrows(graph)).toContain(`edit:${resolved} settled contradiction:c-1`);
    const fromThere = buildLineage(world.sources('coffee'));
    expect(node(fromThere, 'alternative:tea')).toMatchObject({ standing: 'preferred' });
  });

  it('tells edits, and an undo and a redo as what they take back', () => {
    const world = new RecordedWorld();
    world.append('user', learned('m', { content: 'one' }));
    const before = world.state('m')!;
    const [revised] = world.append('user', { type: 'MemoryRevised', data: { memoryId: 'm', content: 'two' } });
    const after = world.state('m')!;
    const [undo] = world.append('user', restored('m', [revised!], before));
    const [redo] = world.append('user', restored('m', [undo!], after, 'redo'));
    const graph = buildLineage(world.sources('m'));
    expect(graph.nodes.flatMap((one) => (one.kind === 'edit' ? [[one.action, one.fields]] : []))).toEqual([
      ['revise', ['content']],
      ['undo', []],
      ['redo', []],
    ]);
    expect(arrows(graph)).toEqual(
      expect.arrayContaining([
        `edit:${revised} edited version:2`,
        `version:2 undone_by edit:${undo}`,
        `edit:${undo} edited version:3`,
        `version:3 undone_by edit:${redo}`,
      ]),
    );
    expect(graph.events.map(({ change }) => change.contentAfter)).toEqual(['one', 'two', 'one', 'two']);
  });

  it('does not call a belief replaced when that was taken back', () => {
    const world = moved();
    const superseding = world.told.at(-1)!.event.eventId;
    const before = { ...world.state('lisbon')!, status: 'active' as const, supersededBy: null };
    world.append('user', restored('lisbon', [superseding], before), {
      type: 'ContradictionResolved',
      data: { ...sides('porto', 'lisbon'), settlement: 'undone', reason: null },
    });
    const graph = buildLineage(world.sources('lisbon'));
    expect(node(graph, 'alternative:porto')).toMatchObject({ standing: 'ended' });
    expect(graph.chain.map(({ memoryId }) => memoryId)).toEqual(['lisbon']);
  });

  it('adds what was said again as support', () => {
    const world = new RecordedWorld();
    world.append('user', learned('m'));
    const again = evidence('again');
    world.append('user', { type: 'MemoryReinforced', data: { memoryId: 'm', evidence: again, weight: 0.8 } });
    const graph = buildLineage(world.sources('m'));
    expect(arrows(graph)).toContain('statement:again supports version:2');
    expect(graph.roots).toEqual(['statement:m-evidence-1', 'statement:again']);
  });

  it('tells nothing of what the caller may not see but that it is there', () => {
    const world = moved();
    world.hidden.add('lisbon').add('c-1');
    const graph = buildLineage(world.sources('porto'));
    const told = JSON.stringify([graph.nodes, graph.chain, graph.events]);
    expect(told).not.toContain('Lisbon');
    expect(told).not.toContain('residence');
    expect(node(graph, 'alternative:lisbon')).toMatchObject({ visibility: 'hidden', content: null, status: null });
    expect(node(graph, 'contradiction:c-1')).toMatchObject({ visibility: 'hidden', found: null });
  });

  it('shows what was erased as erased', () => {
    const world = moved();
    world.erased.add('porto').add('c-1');
    world.messages.length = 0;
    const graph = buildLineage(world.sources('lisbon'));
    expect(node(graph, 'alternative:porto')).toMatchObject({ visibility: 'erased', content: null });
    expect(node(graph, 'contradiction:c-1')).toMatchObject({ visibility: 'erased' });
    expect(node(graph, 'message:message-1:0-16')).toMatchObject({ visibility: 'erased', quote: null });
    expect(graph.roots).toEqual(['message:message-1:0-16']);
  });

  it('reads no further than the position that was asked for', () => {
    const world = moved();
    const graph = buildLineage(world.sources('lisbon', 1));
    expect(graph).toMatchObject({ asOf: 1, events: [{ position: 1 }] });
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['version', 'extraction', 'message']);
  });

  it('leaves out the middle of a long life, keeps where it came from, and says how much', () => {
    const world = new RecordedWorld();
    world.hear('m', 'I live in Lisbon');
    const data = { memoryId: 'm', confidence: 0.5 };
    for (let count = 1; count < 250; count += 1) world.append('user', { type: 'MemoryRevised', data });
    const graph = buildLineage(world.sources('m'));
    const numbers = graph.nodes.flatMap((one) => (one.kind === 'version' ? [one.number] : []));
    expect(numbers).toHaveLength(limits.lineageVersions);
    expect([numbers[0], numbers[1], numbers.at(-1)]).toEqual([1, 152, 250]);
    expect(arrows(graph)).toContain('version:1 led_to version:152');
    expect(graph.roots).toEqual(['message:message-1:0-16']);
    expect(graph.cut.versions).toBe(150);
  });
});
