import { type Static, Type } from 'typebox';
import { success, text, textOrNull } from './answers.js';
import { settingsOnTheWire } from './maintenance-requests.js';

const anyObject = Type.Record(Type.String(), Type.Unknown());

const plannedEvent = Type.Object({
  event: Type.String({ description: 'Its type, as in the log.' }),
  memory_id: text,
  version: Type.Integer({ description: 'What the memory must still be at; 0: it is new.' }),
  data: Type.Record(Type.String(), Type.Unknown(), { description: 'What the log has of it, word for word.' }),
  before: Type.Union([Type.Object({ content: text, status: text, confidence: Type.Number() }), Type.Null()]),
});
export type PlannedEventOnTheWire = Static<typeof plannedEvent>;

const guard = Type.Object({
  max_retired_share: Type.Number(),
  stopped: Type.Boolean({ description: 'The run would have retired more, so it changed nothing (or would not).' }),
  scopes: Type.Array(Type.Object({ scope: text, memories: Type.Integer(), retired: Type.Integer() }), {
    description: 'What it would have been too much for, the most first.',
  }),
});

const runFields = {
  run_id: text,
  kind: text,
  status: Type.String({
    description: '`planned` (a dry run), `stopped` by the guard, `applying`, `applied`, `reverting` or `reverted`.',
  }),
  settings: anyObject,
  planned_at: Type.Integer({ description: 'Position of the log that it was planned on.' }),
  changes: Type.Record(Type.String(), Type.Integer(), {
    description: 'How many changes were planned, by what they do.',
  }),
  retired: Type.Integer({ description: 'How many memories it means to retire.' }),
  applied: Type.Integer({ description: 'How many changes were made.' }),
  stale: Type.Array(text, { description: 'Memories that had changed since, so that nothing was done to them.' }),
  guard,
};

export const runOnTheWire = Type.Object({
  ...runFields,
  created_at: text,
  steps: Type.Array(Type.Object({ step: Type.Integer(), event_offset: Type.Integer(), reverted: Type.Boolean() }), {
    description: 'Its commits.',
  }),
  left: Type.Array(text, { description: 'Memories that taking the run back left as they were.' }),
});
export type RunOnTheWire = Static<typeof runOnTheWire>;

export const runAnswer = Type.Object({ success, run: runOnTheWire });
export const runsAnswer = Type.Object({
  success,
  count: Type.Integer(),
  next_cursor: Type.Optional(text),
  runs: Type.Array(runOnTheWire),
});

/** What a request for a run is told: all of it when it was quick, and where to look when it was not. */
export const runReport = Type.Object({
  success,
  job_id: text,
  ...runFields,
  run_id: textOrNull,
  status: Type.String({ description: 'As that of a run; `queued` or `running` while it is not planned yet.' }),
  planned_at: Type.Union([Type.Integer(), Type.Null()]),
  dry_run: Type.Boolean(),
  cut: Type.Boolean({ description: 'There was more to do than one run does: ask again.' }),
  events: Type.Array(plannedEvent, {
    description: 'The events of a dry run, the first 1,000: what applying would append at this position.',
  }),
  memories_consolidated: Type.Integer({ description: 'Memories that were merged into others, or would be.' }),
  insights: Type.Array(
    Type.Object({
      memory_id: text,
      content: text,
      memory_type: text,
      confidence: Type.Number(),
      source_ids: Type.Array(text),
    }),
    { description: 'What a reflection concluded, or would conclude: the first 1,000.' },
  ),
  event_offset: Type.Optional(Type.Integer({ description: 'Where the last of its commits stands in the log.' })),
});
export type RunReport = Static<typeof runReport>;

export const revertReport = Type.Object({
  success,
  job_id: text,
  run_id: text,
  status: text,
  undone: Type.Integer({ description: 'How many events were taken back.' }),
  left: Type.Array(text, { description: 'Memories that were left as they were: taken back before, or erased.' }),
  event_offset: Type.Optional(Type.Integer()),
});

const settingsFields = {
  success,
  ...settingsOnTheWire.properties,
  config: settingsOnTheWire,
  is_default: Type.Boolean({ description: 'The tenant chose nothing of its own.' }),
};
export const settingsAnswer = Type.Object(settingsFields);
export const changedSettingsAnswer = Type.Object({ ...settingsFields, event_offset: Type.Integer() });
