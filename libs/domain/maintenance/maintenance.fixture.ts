import type { Claim, Modality, Statement } from '../belief/claim.js';
import { personal } from '../memory/memory.fixture.js';
import type { MaintainedMemory } from './maintained-memory.js';

export function claimed(slot: string, normal: string, more: Partial<Claim> = {}): Claim {
  return {
    ...{ subject: 'self', slot, value: normal, normal, polarity: 'positive', modality: 'asserted', aspect: 'current' },
    ...{ qualifiers: [], quantity: null, validFrom: null, validTo: null },
    ...more,
  };
}

export function maintained(id: string, more: Partial<MaintainedMemory> = {}): MaintainedMemory {
  return {
    ...{ id, ownership: personal, content: `content of ${id}`, memoryType: 'fact', confidence: 0.8, metadata: {} },
    ...{
      modality: 'asserted',
      status: 'active',
      observedAt: '2026-03-01T10:00:00.000Z',
      validFrom: null,
      validTo: null,
    },
    ...{ evidence: [], claims: [], disputes: [], version: 1, createdAt: '2026-03-01T10:00:00.000Z' },
    ...{ lastReadDay: null, derived: false },
    ...more,
  };
}

/** A memory as plain as can be read: its words, its numbers, and the claims that it was given. */
export function plainStatement({ content, observedAt, modality, claims }: MaintainedMemory): Statement {
  const words: string[] = content.toLowerCase().match(/\p{L}+/gu) ?? [];
  return {
    ...{ text: content, observedAt, modality: modality as Modality, claims, words, isNegated: words.includes('not') },
    ...{ cues: { correction: false, change: false, addition: false }, identifiers: content.match(/\d+/g) ?? [] },
  };
}

/** The same thing done on several days of March. */
export function onDays(days: readonly number[], of: (day: number) => Partial<MaintainedMemory>): MaintainedMemory[] {
  return days.map((day, at) =>
    maintained(`memory-${day}-${at}`, {
      observedAt: `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`,
      ...of(day),
    }),
  );
}
