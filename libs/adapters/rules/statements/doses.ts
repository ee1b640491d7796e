/** How much of a medicine somebody takes, told of the medicine: "my lisinopril was raised to 40 mg". */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import type { Party } from './parties.js';
import { phraseNormal, SELF } from './parties.js';
import { splitValue, wordsOf } from './values.js';

/** By their usual endings, and the words for what is taken. */
export const MEDICINE =
  /(?:^| )(?:medicine|medication|pill|tablet|vitamin|insulin|antibiotic|supplement|antidepressant|painkiller|statin|inhaler|steroid|[a-z]+(?:pril|statin|zole|cillin|profen|pam|sartan|cycline|oxetine|formin|olol|pirin|idine|thyroxine|zine|done|phen|amide|traline|lopram))(?: |$)/;
const DOSE = /^(?:dose|dosage|prescription|amount|of)$/;

/** Whose medicine it is, and which; undefined when the phrase names none. */
function medicineOf({ atoms }: Party): { owner: string; medicine: string } | undefined {
  const mark = atoms.findLastIndex(({ normal }) => normal === "'s");
  const named = atoms.slice(mark + 1).filter(({ normal }) => !DOSE.test(normal));
  const medicine = wordsOf(named);
  if (named.length === 0 || !MEDICINE.test(medicine)) return undefined;
  const owned = atoms.find(({ article }) => article !== null && /^(?:own|his|her|their)$/.test(article));
  if (mark > 0) return { owner: phraseNormal(atoms.slice(0, mark)), medicine };
  if (owned === undefined) return undefined;
  const owner = { own: SELF.normal, his: 'he', her: 'she', their: 'they' }[owned.article as 'own'];
  return { owner, medicine };
}

/** The new dose as a claim of the one who takes it; undefined for what is no medicine. */
export function doseDraft(party: Party, amount: readonly Atom[]): Draft | undefined {
  const found = medicineOf(party);
  const measure = amount[0];
  if (found === undefined || measure?.kind !== 'measure') return undefined;
  const value = splitValue(amount);
  return {
    slot: 'medication',
    atoms: amount,
    normal: `${measure.normal} ${found.medicine}`,
    subject: found.owner,
    value,
    begun: true,
  };
}
