import { Type } from 'typebox';
import { success, text, textOrNull } from './answers.js';

const cost = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], {
    description: `${description} A unit is what one token costs in an ordinary call. Null: no provider said that it billed any.`,
  });

const jobFields = {
  job_id: text,
  type: Type.String({ description: 'What kind of work it is, such as `batch_create`.' }),
  status: Type.Enum(['queued', 'running', 'completed', 'failed', 'cancelled'], { type: 'string' }),
  total: Type.Union([Type.Integer(), Type.Null()], { description: 'Items in all; null while that is not known.' }),
  succeeded: Type.Integer(),
  failed: Type.Integer({ description: 'Items that failed; the others are not affected.' }),
  progress: Type.Number({ description: '0 to 1.' }),
  error: Type.Union([text, Type.Null()], { description: 'Why the job as a whole failed.' }),
  summary: Type.Union([Type.Record(text, Type.Unknown()), Type.Null()], {
    description: 'What the job says of itself; depends on its type.',
  }),
  cost_units: cost('What the provider billed for the job.'),
  cost_units_saved: cost('What ordinary calls would have cost more.'),
  created_at: text,
  started_at: textOrNull,
  finished_at: textOrNull,
};

const jobDetails = {
  ...jobFields,
  errors: Type.Array(Type.Object({ index: Type.Integer(), code: text, detail: text }), {
    description: 'The first 100; all of them are in the results.',
  }),
  memory_ids: Type.Array(text, { description: 'Of the first 1,000 results.' }),
  event_offset: Type.Optional(Type.Integer({ description: 'Where the last of its writes stands in the log.' })),
};

export const jobAnswer = Type.Object({
  success,
  ...jobDetails,
  deduplicated: Type.Optional(Type.Boolean({ description: 'True for the job of an earlier request like this one.' })),
});

export const jobsAnswer = Type.Object({
  success,
  count: Type.Integer(),
  next_cursor: Type.Optional(text),
  jobs: Type.Array(Type.Object(jobFields)),
});

export const jobResultsAnswer = Type.Object({
  success,
  job_id: text,
  count: Type.Integer(),
  next_after: Type.Optional(Type.Integer({ description: 'Send it as `after`. Absent at the end.' })),
  results: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'Place of the item in the request, from 0.' }),
      status: Type.Enum(['succeeded', 'failed'], { type: 'string' }),
      memory_ids: Type.Array(text),
      code: Type.Optional(text),
      detail: Type.Optional(text),
      details: Type.Optional(Type.Record(text, Type.Unknown(), { description: 'What else there is to say of it.' })),
    }),
  ),
});

export const embeddingsAnswer = Type.Object({
  success,
  embedder: Type.String({ description: 'Name of the model that reads texts; `none` without one.' }),
  documents: Type.Integer({ description: 'Texts in the search index.' }),
  pending_embeddings: Type.Integer({
    description: 'Texts that no embedder has read yet; they are found by their words.',
  }),
});
