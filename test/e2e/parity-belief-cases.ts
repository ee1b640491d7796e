import type { Known, ParityCase } from './parity-cases.js';

type Fields = Record<string, unknown>;
type Rest = Omit<ParityCase, 'rpc' | 'rest'>;

const absent = '99999999-0000-4000-8000-000000000000';
const who = { user_id: 'believer' };
const of = (id: string | undefined) => ({ id });
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));
const tell = (...all: Rest[]) => cases('MemoriesService/CreateMemory', 'POST /memories', ...all);
const detect = (...all: Rest[]) =>
  cases('BeliefsService/DetectContradictions', 'POST /memories/detect-contradictions', ...all);
const update = (...all: Rest[]) => cases('BeliefsService/UpdateBelief', 'POST /memories/update-belief', ...all);
const resolve = (...all: Rest[]) =>
  cases('ContradictionsService/ResolveContradiction', 'POST /contradictions/:id/resolve', ...all);
const undo = (...all: Rest[]) => cases('BeliefsService/UndoChange', 'POST /memories/:id/undo', ...all);
const redo = (...all: Rest[]) => cases('BeliefsService/RedoChange', 'POST /memories/:id/redo', ...all);
const policies = (...all: Rest[]) => cases('BeliefsService/GetBeliefPolicies', 'GET /belief-policies', ...all);
const choose = (...all: Rest[]) => cases('BeliefsService/SetBeliefPolicies', 'PUT /belief-policies', ...all);

const keeps = (name: string, read: (body: Fields) => unknown) => (body: Fields, known: Known) => {
  known[name] = String(read(body));
};
const memory = (name: string) => keeps(name, (body) => (body['memory_ids'] as string[])[0]);
const contradiction = (name: string) => keeps(name, (body) => (body['contradiction_ids'] as string[])[0]);

const revising = [
  ...tell({ name: 'a belief', fields: { content: 'I live in Leeds.', ...who }, keep: memory('leeds') }),
  ...detect(
    {
      name: 'of what changed',
      fields: { content: 'I now live in Bristol.', confidence: 0.5, ...who, min_position: 1 },
    },
    { name: 'of what nobody believes', fields: { content: 'The otter sleeps.', user_id: 'nobody' } },
    { name: 'of a blank', fields: { content: ' ' }, code: 'validation_failed' },
    { name: 'of everybody', fields: { content: 'x', user_id: 'all' }, code: 'validation_failed' },
    { name: 'of the future', fields: { content: 'x', min_position: 10_000 }, code: 'position_in_future' },
    { name: 'without a key', fields: { content: 'x' }, key: null, code: 'unauthenticated' },
  ),
  ...update(
    {
      name: 'by the rules',
      fields: { content: 'I now live in Bristol.', metadata: { a: [1, { b: null }] }, strategy: 'auto', ...who },
      keep: keeps('bristol', (body) => body['memory_id']),
    },
    { name: 'of nothing that was believed', fields: { content: 'The kettle is red.', ...who } },
    {
      name: 'of what another one replaced',
      fields: ({ leeds }) => ({ content: 'x', strategy: 'merge', contradicting_memory_id: leeds, ...who }),
      code: 'superseded',
    },
    {
      name: 'in its own words',
      fields: ({ bristol }) => ({
        ...{ content: 'I now live in Bristol.', strategy: 'supersede', contradicting_memory_id: bristol, ...who },
      }),
      code: 'content_conflict',
    },
    {
      name: 'of what nobody believes',
      fields: { content: 'Quartz rings.', strategy: 'supersede', ...who },
      code: 'nothing_contradicted',
    },
    {
      name: 'of what is not there',
      fields: { content: 'x', strategy: 'adjust', contradicting_memory_id: absent },
      code: 'not_found',
    },
    {
      name: 'of another user',
      fields: ({ bristol }) => ({ content: 'x', strategy: 'manual', contradicting_memory_id: bristol }),
      code: 'validation_failed',
    },
    { name: 'in a way that is none', fields: { content: 'x', strategy: 'magic' }, code: 'validation_failed' },
  ),
];

const takingBack = [
  ...undo(
    { name: 'of what replaced a belief', fields: ({ bristol }) => of(bristol) },
    { name: 'of the first version', fields: ({ leeds }) => of(leeds), code: 'nothing_to_undo' },
    { name: 'of what is not there', fields: of(absent), code: 'not_found' },
    { name: 'of what is no id', fields: of('leeds'), code: 'not_found' },
  ),
  ...redo(
    { name: 'of what was undone', fields: ({ leeds }) => ({ id: leeds, cascade: false }) },
    { name: 'of nothing', fields: ({ leeds }) => of(leeds), code: 'nothing_to_undo' },
  ),
  ...tell({ name: 'what is so now', fields: { content: 'I now live in Hull.', ...who }, keep: memory('hull') }),
  ...undo(
    { name: 'of what others rest on', fields: ({ leeds }) => of(leeds), code: 'later_changes' },
    { name: 'of what others rest on, with them', fields: ({ leeds }) => ({ id: leeds, cascade: true }) },
  ),
];

const deciding = [
  ...tell(
    { name: 'one side', fields: { content: 'Nina was born in Ghent.', ...who } },
    { name: 'the other side', fields: { content: 'Nina was born in Bruges.', ...who }, keep: contradiction('birth') },
  ),
  ...resolve(
    {
      name: 'in a way that is none',
      fields: ({ birth }) => ({ id: birth, strategy: 'magic' }),
      code: 'validation_failed',
    },
    { name: 'for a reason', fields: ({ birth }) => ({ id: birth, strategy: 'reject', reason: 'her passport, p. 2' }) },
    { name: 'once more', fields: ({ birth }) => ({ id: birth, strategy: 'supersede' }), code: 'already_settled' },
    { name: 'of what is not there', fields: { id: absent, strategy: 'reject' }, code: 'not_found' },
    { name: 'of what is no id', fields: { id: 'birth', strategy: 'reject' }, code: 'not_found' },
  ),
  ...policies(
    { name: 'as they are at first', fields: {} },
    { name: 'of the future', fields: { min_position: 10_000 }, code: 'position_in_future' },
    { name: 'without a key', key: null, code: 'unauthenticated' },
  ),
  ...choose(
    { name: 'of two classes', fields: { state: 'ask', many: 'source_rank' } },
    { name: 'of one class', fields: { state: 'latest_wins' } },
    { name: 'of one class, back again', fields: { state: 'ask' } },
    { name: 'of no class', fields: {}, code: 'validation_failed' },
    { name: 'that is none', fields: { rare: 'magic' }, code: 'validation_failed' },
  ),
  ...policies({ name: 'as they were chosen', fields: { project_name: 'alpha' } }),
];

/** In this order, on a tenant that has no such beliefs yet. */
export const beliefCases: readonly ParityCase[] = [...revising, ...takingBack, ...deciding];
