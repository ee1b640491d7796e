import { type Static, Type } from 'typebox';
import { asOf, memoryFields, sourceOnTheWire, success, text, textOrNull } from './answers.js';

const scoreExplanation = Type.Object(
  {
    scored_id: Type.String({
      description:
        'The memory or message whose features these are: another one than the result where it stands for its message, ' +
        'or where a related one lends it its score.',
    }),
    features: Type.Array(
      Type.Object({
        name: text,
        value: Type.Number(),
        weight: Type.Number(),
        contribution: Type.Number({ description: '`value` times `weight`.' }),
      }),
    ),
    adjustments: Type.Array(
      Type.Object({
        name: Type.String({ description: '`superseded`, `related` or `decay`.' }),
        share: Type.Number({ description: 'What is kept of the score so far.' }),
        amount: Type.Number({ description: 'What that adds to the score: never above 0.' }),
      }),
    ),
  },
  { description: 'The contributions and the amounts add up to `score`. Only with `explain`.' },
);

const questionReading = Type.Object(
  {
    text: Type.String({ description: "With dates and speakers' names spelled in full." }),
    terms: Type.Array(text, { description: 'The words that are looked for, as they are indexed.' }),
    speakers: Type.Array(text, { description: 'Speakers that it names.' }),
    addressed_role: Type.Union([text, Type.Null()], {
      description: 'Whose messages "I" or "you" means in a chat without names: `user` or `assistant`.',
    }),
    asks: Type.Array(text, { description: 'Any of `when`, `where`, `title`, `plan`.' }),
    historical: Type.Boolean({ description: 'It asks about the past, so superseded memories count in full.' }),
    days: Type.Union([Type.Object({ first: text, last: text }), Type.Null()], {
      description: 'The days that it names with their year.',
    }),
  },
  { description: 'How the question was understood. Only with `explain`.' },
);

export const searchResultOnTheWire = Type.Object({
  ...memoryFields,
  score: Type.Number({ description: 'Higher is better; only comparable inside one answer.' }),
  similarity: Type.Number({
    description: '`score` relative to the best result of this answer, 0 to 1; 0 in a list without a question.',
  }),
  rrf_score: Type.Number({ description: 'Same as `score`.' }),
  scores: Type.Optional(
    Type.Record(Type.String(), Type.Number(), { description: 'The values of `explanation.features` by their names.' }),
  ),
  explanation: Type.Optional(scoreExplanation),
  sources: Type.Array(sourceOnTheWire),
  external_id: Type.Optional(textOrNull),
  conversation_id: Type.Optional(text),
  role: Type.Optional(text),
  name: Type.Optional(textOrNull),
  said_at: Type.Optional(text),
});
export type SearchResultOnTheWire = Static<typeof searchResultOnTheWire>;
export type QuestionOnTheWire = Static<typeof questionReading>;

export const searchAnswer = Type.Object({
  success,
  as_of: asOf,
  count: Type.Integer(),
  mode: text,
  question: Type.Optional(questionReading),
  results: Type.Array(searchResultOnTheWire),
  memories: Type.Array(searchResultOnTheWire, { description: 'Same as `results`.' }),
});
export const contextAnswer = Type.Object({
  success,
  as_of: asOf,
  context: Type.String({
    description: 'Handoffs, then beliefs, then messages, each best first; every line names the id that it is from.',
  }),
  token_count: Type.Integer({ description: 'Exactly, by `encoding`; never more than `max_tokens`.' }),
  encoding: Type.String({ description: 'By whose rules tokens are counted.' }),
  omitted: Type.Integer({ description: 'Handoffs and results that found no room.' }),
  near_copies: Type.Integer({ description: 'Results left out because another one tells the same.' }),
  truncated: Type.Boolean({ description: 'Something was left out, or cut short, for want of room.' }),
  sources: Type.Array(searchResultOnTheWire, {
    description: 'What the text shows of memories and messages, in its order.',
  }),
});
