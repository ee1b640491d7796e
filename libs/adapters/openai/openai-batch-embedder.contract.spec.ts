import { batchEmbedderContract } from '#libs/ports/contracts/batch-embedder.contract.js';
import { plainEmbeddings, plainVector } from '#test/harness/scripted-embeddings.js';
import { ScriptedBatches } from '#test/harness/scripted-batches.js';
import { OpenaiBatchEmbedder } from './openai-batch-embedder.js';
import { OpenaiEmbedder } from './openai-embedder.js';

const refused = 'what nobody may say';
const unanswered = 'what nobody comes to';

batchEmbedderContract('the batch endpoint of openai', async () => {
  const server = new ScriptedBatches(plainEmbeddings, (text) =>
    text === refused ? 400 : text === unanswered ? null : plainVector(text),
  );
  await server.start();
  const settings = { url: server.url, apiKey: 'secret-key', timeoutMs: 5_000, model: 'scripted-1', dimensions: 4 };
  const embedder = new OpenaiEmbedder({ ...settings, tokensPerDay: 0 });
  return {
    ...{ provider: new OpenaiBatchEmbedder(settings), elsewhere: new OpenaiBatchEmbedder(settings) },
    ...{ refused, unanswered },
    vectorOf: async (text) => (await embedder.embed([text], 'document'))[0]!,
    end: () => server.end(),
    away: () => server.stop(),
    back: () => server.start(),
    stop: () => server.stop(),
  };
});
