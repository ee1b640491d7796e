import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JudgedText } from '#libs/ports/relation-judge.js';
import { type Script, ScriptedModel } from '#test/harness/scripted-model.js';
import { judgementPrompt } from './judgement-prompt.js';
import type { ModelSettings } from './model-client.js';
import { interactive, modelAt } from './model.fixture.js';
import { ModelRelationJudge } from './model-relation-judge.js';

const said = (text: string): JudgedText => ({ text, observedAt: '2024-05-16T10:00:00.000Z' });
const judged = (candidate: string, relation: string, kind: string | null = null, probability = 0.7) => ({
  ...{ candidate, relation, kind, probability },
});

let server: ScriptedModel;
beforeAll(async () => {
  server = await ScriptedModel.started(() => 'hangs up');
});
afterAll(() => server.stop());
beforeEach(() => {
  server.requests.length = 0;
});

function judgeWith(script: Script, settings: Partial<ModelSettings> = {}) {
  server.script = script;
  const { model, heard } = modelAt(server.url, settings);
  return { judge: new ModelRelationJudge(model), heard };
}

describe('a judge with a model', () => {
  it('tells each candidate by its place, whatever order the model has, in one call', async () => {
    const { judge, heard } = judgeWith(() => ({
      says: { judgements: [judged('c2', 'unrelated'), judged('c1', 'contradicts', 'update', 0.75)] },
    }));
    const judgements = await judge.judge(
      said('I live in Oslo.'),
      [said('I live in Rome.'), said('I love tea.')],
      interactive,
    );
    const model = { name: 'scripted-1', promptHash: judgementPrompt.hash };
    expect(judgements).toEqual([
      { relation: 'contradicts', kind: 'update', probability: 0.75, version: 'judgement-1', model },
      { relation: 'unrelated', kind: null, probability: 0.7, version: 'judgement-1', model },
    ]);
    const { body, shown } = server.requests[0]!;
    expect(server.requests).toHaveLength(1);
    expect(shown).toEqual({
      statement: { text: 'I live in Oslo.', said_at: '2024-05-16T10:00:00.000Z' },
      candidates: [
        { id: 'c1', text: 'I live in Rome.', said_at: '2024-05-16T10:00:00.000Z' },
        { id: 'c2', text: 'I love tea.', said_at: '2024-05-16T10:00:00.000Z' },
      ],
    });
    expect(body.messages[0]!.content).toBe(judgementPrompt.system);
    expect(heard.calls).toMatchObject([{ purpose: 'judge', outcome: 'text' }]);
  });

  it('leaves open what the model left out, and does not hear of what was not asked', async () => {
    const { judge } = judgeWith(() => ({
      says: { judgements: [judged('c9', 'contradicts', 'update'), judged('memory-1', 'duplicate')] },
    }));
    expect(await judge.judge(said('I live in Oslo.'), [said('I live in Rome.')], interactive)).toEqual([null]);
  });

  it('does not ask about texts that are no statements', async () => {
    const { judge } = judgeWith(() => ({
      says: { judgements: [judged('c1', 'duplicate'), judged('c2', 'duplicate')] },
    }));
    const long = said('I love tea. '.repeat(1_000));
    const judgements = await judge.judge(said('I love tea.'), [long, said('I like tea.')], interactive);
    expect(judgements.map((one) => one?.relation)).toEqual([undefined, 'duplicate']);
    expect(server.requests[0]!.shown.candidates.map(({ id }) => id)).toEqual(['c2']);
    expect(await judge.judge(long, [said('I like tea.')], interactive)).toEqual([null]);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Script, Partial<ModelSettings>, string]>([
    ['is away', () => ({ status: 503, headers: { 'retry-after-ms': '1' } }), {}, 'model_unreachable'],
    ['hangs', () => 'hangs', { timeoutMs: 200 }, 'model_unreachable'],
    ['talks nonsense', () => ({ says: 'They contradict each other.' }), {}, 'model_unusable'],
    ['takes no more', () => ({ status: 413 }), {}, 'model_unusable'],
  ])('leaves everything open when the model %s', async (_, script, settings, reason) => {
    const { judge, heard } = judgeWith(script, settings);
    expect(await judge.judge(said('I live in Oslo.'), [said('I live in Rome.')], interactive)).toEqual([null]);
    expect(heard.degraded).toEqual([['judge', reason]]);
  });

  it('leaves everything open when the tokens are spent', async () => {
    const { judge, heard } = judgeWith(
      () => ({ says: { judgements: [judged('c1', 'duplicate')] }, tokens: { prompt: 900, completion: 0 } }),
      { tokensPerDay: 1_000 },
    );
    expect(await judge.judge(said('I love tea.'), [said('I like tea.')], interactive)).toMatchObject([
      { relation: 'duplicate' },
    ]);
    expect(await judge.judge(said('I love jazz.'), [said('I like jazz.')], interactive)).toEqual([null]);
    expect(heard.degraded).toEqual([['judge', 'model_budget_low']]);
  });
});
