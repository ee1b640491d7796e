import type { Claim } from '../belief/claim.js';
import { SLOT_RULES, slotRuleOf } from '../belief/slot-registry.js';
import { byText, type MaintainedMemory } from './maintained-memory.js';
import { PATTERN_CONFIDENCE_MAX, type PatternProposal, rounded } from './pattern.js';

interface Line {
  slot: string;
  claim: Claim;
  memory: MaintainedMemory;
}

/** In the order of the registry; what changes by itself within days is not on a card. */
const CARD_SLOTS = SLOT_RULES.filter(
  ({ cardinality, mutability, normaliser }) =>
    cardinality === 'one' && mutability !== 'volatile' && normaliser !== 'amount' && normaliser !== 'moment',
)
  .map(({ name }) => name)
  .concat('birth_date', 'age');

/**
 * What is believed of the user in slots that hold one value, one line each: "Residence: Berlin". Of two values the more
 * confident one, then the newer one; what is disputed is left out. Null where there is nothing to tell.
 */
export function profileCard(memories: readonly MaintainedMemory[]): PatternProposal | null {
  const lines = new Map<string, Line>();
  for (const memory of memories) {
    if (memory.derived || memory.status !== 'active') continue;
    for (const claim of memory.claims) {
      if (!isOnCard(claim)) continue;
      const line = { slot: claim.slot, claim, memory };
      const other = lines.get(claim.slot);
      if (other === undefined || isPreferred(memory, other.memory)) lines.set(claim.slot, line);
    }
  }
  if (lines.size === 0) return null;
  const card = [...lines.values()].sort(
    (one, other) => placeOf(one.slot) - placeOf(other.slot) || byText(one.slot, other.slot),
  );
  const sources = new Map(card.map(({ memory }) => [memory.id, memory]));
  const mean = [...sources.values()].reduce((sum, { confidence }) => sum + confidence, 0) / sources.size;
  return {
    key: 'profile:self',
    kind: 'profile',
    content: card.map(({ slot, claim }) => `${titleOf(slot)}: ${claim.value || claim.normal}`).join('\n'),
    memoryType: 'profile',
    confidence: Math.min(PATTERN_CONFIDENCE_MAX, rounded(mean)),
    strength: 1,
    sourceIds: [...sources.keys()].sort(byText),
    validFrom: [...sources.values()].map(({ observedAt }) => observedAt).sort(byText)[0]!,
    head: 'self',
  };
}

function isOnCard({ subject, slot, polarity, modality, aspect, qualifiers, normal }: Claim): boolean {
  const { name, mutability } = slotRuleOf(slot);
  const isNow = aspect === 'current' || (aspect === 'past' && mutability === 'immutable');
  const isSaid = subject === 'self' && polarity === 'positive' && modality === 'asserted';
  return isSaid && isNow && qualifiers.length === 0 && normal !== '' && CARD_SLOTS.includes(name);
}

const isPreferred = (one: MaintainedMemory, other: MaintainedMemory): boolean =>
  (other.confidence - one.confidence || byText(other.observedAt, one.observedAt) || byText(one.id, other.id)) < 0;

const placeOf = (slot: string): number => CARD_SLOTS.indexOf(slotRuleOf(slot).name);

/** `favorite:season` → "Favorite season", `job_title` → "Job title". */
function titleOf(slot: string): string {
  const words = slot.replace(/[:_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
