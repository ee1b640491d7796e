/** The rules by which two statements are related, in their order: the first that applies decides. */
export interface RelationRule {
  id: string;
  meaning: string;
}

export const RELATION_RULES = [
  {
    id: 'relation.not_comparable',
    meaning: 'One of them is a question or supposes something: nothing follows for the other.',
  },
  { id: 'relation.same_form', meaning: 'Both say the same in other words, or in the same.' },
  { id: 'relation.role_swap', meaning: 'The same verb joins the same two parties the other way round.' },
  {
    id: 'relation.other_subject',
    meaning: 'They speak of different persons or things, or of things with different numbers.',
  },
  {
    id: 'relation.correction',
    meaning: 'The newer one says that the older one was wrong, and fills the same slot otherwise.',
  },
  {
    id: 'relation.closer',
    meaning: 'The newer one names the end of what the older one holds: sold, left, cancelled, switched from.',
  },
  { id: 'relation.resumed', meaning: 'What had ended holds again.' },
  { id: 'relation.ended', meaning: 'What the older one holds is told as over.' },
  { id: 'relation.disjoint_time', meaning: 'They hold at different times, so both can be true.' },
  { id: 'relation.disjoint_condition', meaning: 'They hold under different conditions, so both can be true.' },
  { id: 'relation.exception', meaning: 'The newer one takes a case out of the older, wider one.' },
  { id: 'relation.polarity', meaning: 'The same slot and value, affirmed by one and denied by the other.' },
  {
    id: 'relation.opposite',
    meaning: 'Their values exclude each other: open and closed, on and off, draft and published.',
  },
  { id: 'relation.containment', meaning: 'The newer one holds all that the older one says, and more.' },
  { id: 'relation.less_specific', meaning: 'The older one holds all that the newer one says.' },
  { id: 'relation.addition', meaning: 'The newer one names its value as a further one: also, another, as well.' },
  { id: 'relation.single_slot', meaning: 'The slot holds one value at a time, and they name different ones.' },
  {
    id: 'relation.replaced',
    meaning: 'A slot of many values, but the newer one says that something changed to an alternative.',
  },
  { id: 'relation.alternative', meaning: 'Alternatives of which usually one is chosen, without a word of change.' },
  { id: 'relation.many_slot', meaning: 'The slot holds many values: the newer one adds to the older.' },
  {
    id: 'relation.implied',
    meaning: 'What one says excludes what the other says, though the slots differ: a diet and a meal.',
  },
  { id: 'relation.related_topic', meaning: 'The same subject and a shared word, in different slots.' },
  {
    id: 'relation.correction_fragment',
    meaning: 'A correction without its sentence, whose value is of the kind that the older one names.',
  },
  {
    id: 'relation.topic',
    meaning: 'No shared slot, but the same topic in the same respect: its moments, amounts, states or names decide.',
  },
  { id: 'relation.likeness', meaning: 'No shared slot: the words decide, with negations and numbers told apart.' },
  { id: 'relation.nothing_shared', meaning: 'Neither a slot nor enough words are shared.' },
] as const satisfies readonly RelationRule[];

export type RelationRuleId = (typeof RELATION_RULES)[number]['id'];
