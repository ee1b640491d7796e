import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MemoryEvent } from './memory.events.js';
import { absentMemory, evolveMemory, type MemoryState, type UnreadableEvent } from './memory.evolve.js';
import { evidence, learned, personal, stateAfter } from './memory.fixture.js';

const unreadable = (type: string): UnreadableEvent => ({ type, data: null });
const revised = (more: object): MemoryEvent => ({ type: 'MemoryRevised', data: { memoryId: 'm', ...more } });
const reinforced = (id: string): MemoryEvent => ({
  type: 'MemoryReinforced',
  data: { memoryId: 'm', evidence: evidence(id) },
});
const forgotten: MemoryEvent = { type: 'MemoryForgotten', data: { memoryId: 'm' } };
const erased: MemoryEvent = { type: 'MemoryErased', data: { memoryId: 'm' } };

describe('folding the events of a memory', () => {
  it('begins with what was learned, and keeps no names', () => {
    expect(stateAfter([learned('m')])).toEqual({
      kind: 'known',
      memory: {
        id: 'm',
        ownership: personal,
        content: 'Tea is at four',
        memoryType: 'fact',
        confidence: 0.8,
        metadata: { room: 'blue', guests: 2 },
        modality: 'asserted',
        status: 'active',
        observedAt: '2026-03-01T10:00:00.000Z',
        validFrom: null,
        validTo: null,
        supersededBy: null,
        contradictions: [],
        disputes: [],
        evidence: [evidence('m-evidence-1')],
        adjustments: [],
        claims: [],
        version: 1,
      },
    });
  });

  it('takes the revised fields and leaves the others', () => {
    const before = memoryOf(stateAfter([learned('m')]));
    expect(memoryOf(stateAfter([learned('m'), revised({ confidence: 0.1 })]))).toEqual({
      ...before,
      confidence: 0.1,
      version: 2,
    });
  });

  it('counts distinct evidence once, in the order of the log, and every event in the version', () => {
    const events = [learned('m'), reinforced('b'), reinforced('a'), reinforced('b')];
    const memory = memoryOf(stateAfter(events));
    expect(memory.evidence.map(({ id }) => id)).toEqual(['m-evidence-1', 'b', 'a']);
    expect(memory.version).toBe(4);
  });

  it('keeps a forgotten memory, with its status', () => {
    expect(memoryOf(stateAfter([learned('m'), forgotten]))).toMatchObject({ status: 'forgotten', version: 2 });
  });

  it('knows nothing but the version of an erased memory, whatever comes after', () => {
    expect(stateAfter([learned('m'), forgotten, erased])).toEqual({ kind: 'erased', version: 3 });
    expect(stateAfter([learned('m'), erased, unreadable('MemoryReinforced')])).toEqual({ kind: 'erased', version: 3 });
    expect(stateAfter([learned('m'), erased, reinforced('late')])).toEqual({ kind: 'erased', version: 3 });
  });

  it('folds a stream whose key was destroyed to an erased memory, at every length', () => {
    const types = ['MemoryLearned', 'MemoryRevised', 'MemoryReinforced', 'MemoryForgotten', 'MemoryErased'];
    for (let length = 1; length <= types.length; length += 1) {
      expect(stateAfter(types.slice(0, length).map(unreadable))).toEqual({ kind: 'erased', version: length });
    }
  });

  it('is erased from the first unreadable event on', () => {
    expect(stateAfter([learned('m'), unreadable('MemoryRevised')])).toEqual({ kind: 'erased', version: 2 });
  });

  it('refuses what cannot have happened', () => {
    expect(() => stateAfter([learned('m'), learned('m')])).toThrow('learned twice');
    for (const event of [revised({}), reinforced('a'), forgotten]) {
      expect(() => evolveMemory(absentMemory, event)).toThrow('never learned');
    }
    const newer = { type: 'MemoryDreamt', data: { memoryId: 'm' } } as unknown as MemoryEvent;
    expect(() => stateAfter([learned('m'), newer])).toThrow('unknown memory event');
  });

  it('does not change the state that it starts from', () => {
    const before = deepFrozen(stateAfter([learned('m'), reinforced('a')]));
    for (const event of [revised({ content: 'x' }), reinforced('b'), forgotten, erased]) evolveMemory(before, event);
    expect(memoryOf(before)).toMatchObject({ content: 'Tea is at four', status: 'active', version: 2 });
  });
});

describe('independent streams', () => {
  const later = fc.oneof(
    fc.record({ content: fc.string() }).map(revised),
    fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }) }).map(revised),
    fc.string().map(reinforced),
    fc.constant(forgotten),
    fc.constant(erased),
    fc.constantFrom('MemoryRevised', 'MemoryReinforced').map(unreadable),
  );
  const streams = fc.array(fc.array(later, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

  it('fold to the same states however they are interleaved', () => {
    fc.assert(
      fc.property(streams, fc.infiniteStream(fc.nat()), (tails, choices) => {
        const queues = tails.map((tail, index) => [learned(`m${index}`), ...tail]);
        const alone = queues.map((queue) => stateAfter(queue));
        const mixed = queues.map((): MemoryState => absentMemory);
        const left = queues.map((queue, index) => ({ index, queue: [...queue] }));
        while (left.length > 0) {
          const turn = left[choices.next().value! % left.length]!;
          mixed[turn.index] = evolveMemory(mixed[turn.index]!, turn.queue.shift()!);
          if (turn.queue.length === 0) left.splice(left.indexOf(turn), 1);
        }
        expect(mixed).toEqual(alone);
      }),
    );
  });
});

function memoryOf(state: MemoryState) {
  if (state.kind !== 'known') throw new Error(`the memory is ${state.kind}`);
  return state.memory;
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}
