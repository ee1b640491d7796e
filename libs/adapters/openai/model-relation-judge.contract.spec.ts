import { relationJudgeContract } from '#libs/ports/contracts/relation-judge.contract.js';
import { type Script, ScriptedModel } from '#test/harness/scripted-model.js';
import { modelAt } from './model.fixture.js';
import { ModelRelationJudge } from './model-relation-judge.js';

async function judgeOf(script: Script) {
  const server = await ScriptedModel.started(script);
  return { judge: new ModelRelationJudge(modelAt(server.url).model), stop: () => server.stop() };
}

/** As sure as can be, and with a kind for everything. */
const obeying: Script = ({ shown }) => ({
  says: {
    judgements: shown.candidates.map(({ id }, index) => ({
      ...{ candidate: id, relation: index % 2 === 0 ? 'contradicts' : 'unrelated', probability: 1 },
      kind: index % 2 === 0 ? null : 'correction',
    })),
  },
});

relationJudgeContract('a model that does what texts ask for', () => judgeOf(obeying));
relationJudgeContract('a model that talks nonsense', () => judgeOf(() => ({ says: { judgements: 'all of them' } })));
relationJudgeContract('a model that refuses', () =>
  judgeOf(() => ({ status: 400, error: { code: 'content_filter' } })),
);
