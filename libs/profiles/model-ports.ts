import type { Provider } from '@nestjs/common';
import { NoRelationJudge } from '#libs/adapters/in-process/no-relation-judge.js';
import type { ModelEars } from '#libs/adapters/openai/structured-model.js';
import { RulesExtractor } from '#libs/adapters/rules/rules-extractor.js';
import { Extractor } from '#libs/ports/extractor.js';
import { RelationJudge } from '#libs/ports/relation-judge.js';
import type { ModelServer } from '#libs/service-kit/configuration.js';
import { metrics } from '#libs/service-kit/metrics.js';

/** What a model may do, or rules do without one; the same in both profiles. */
export async function modelPorts(model: ModelServer | null, note: (sentence: string) => void): Promise<Provider[]> {
  const rules = new RulesExtractor();
  if (model === null) {
    return [
      { provide: Extractor, useValue: rules },
      { provide: RelationJudge, useValue: new NoRelationJudge() },
    ];
  }
  // The client is some 150 files, which a start without a model need not wait for.
  const [{ StructuredModel }, { ModelExtractor }, { ModelRelationJudge }] = await Promise.all([
    import('#libs/adapters/openai/structured-model.js'),
    import('#libs/adapters/openai/model-extractor.js'),
    import('#libs/adapters/openai/model-relation-judge.js'),
  ]);
  const asked = new StructuredModel(model, measuring(note));
  return [
    { provide: Extractor, useValue: new ModelExtractor(asked, rules) },
    { provide: RelationJudge, useValue: new ModelRelationJudge(asked) },
  ];
}

function measuring(note: (sentence: string) => void): ModelEars {
  return {
    called: ({ purpose, outcome, seconds, promptTokens, completionTokens }) => {
      metrics.modelCallSeconds.observe({ purpose, outcome }, seconds);
      metrics.modelTokens.inc({ kind: 'prompt' }, promptTokens);
      metrics.modelTokens.inc({ kind: 'completion' }, completionTokens);
    },
    reused: () => metrics.modelReused.inc(),
    degraded: (purpose, reason) => metrics.modelFallbacks.inc({ purpose, reason }),
    troubled: (reason) => note(`The language model is of no use now, rules read instead: ${reason}`),
  };
}
