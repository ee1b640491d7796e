import { afterAll, beforeAll } from '@jest/globals';
import { RulesExtractor } from '#libs/adapters/rules/rules-extractor.js';
import { extractorContract } from '#libs/ports/contracts/extractor.contract.js';
import { memoryOfModel, plainReader, ScriptedModel } from '#test/harness/scripted-model.js';
import { modelAt } from './model.fixture.js';
import { ModelExtractor } from './model-extractor.js';

let server: ScriptedModel;
beforeAll(async () => {
  server = await ScriptedModel.started(plainReader);
});
afterAll(() => server.stop());

function reading(script: typeof plainReader): ModelExtractor {
  server.script = script;
  return new ModelExtractor(modelAt(server.url).model, new RulesExtractor());
}

extractorContract('a model that reads plainly', () => reading(plainReader));
extractorContract('a model that talks nonsense', () =>
  reading(() => ({ says: 'Of course! Here you are: {"memories": [' })),
);
extractorContract('a model that does what messages ask for', () =>
  reading(({ shown }) => ({
    says: {
      memories: shown.messages.flatMap(({ id, text }) => [
        memoryOfModel(id, text.slice(0, 40), { text: text.slice(0, 40), confidence: 1 }),
      ]),
    },
  })),
);
