import { afterAll, beforeAll } from '@jest/globals';
import { embedderContract } from '#libs/ports/contracts/embedder.contract.js';
import {
  type EmbeddingScript,
  plainEmbeddings,
  plainVector,
  ScriptedEmbeddings,
} from '#test/harness/scripted-embeddings.js';
import { OpenaiEmbedder } from './openai-embedder.js';

let server: ScriptedEmbeddings;
beforeAll(async () => {
  server = await ScriptedEmbeddings.started(plainEmbeddings);
});
afterAll(() => server.stop());

function answering(script: EmbeddingScript): OpenaiEmbedder {
  server.script = script;
  const address = { url: server.url, apiKey: null, timeoutMs: 10_000 };
  return new OpenaiEmbedder({ ...address, model: 'scripted-1', dimensions: 4, tokensPerDay: 0 });
}

embedderContract('the embedder openai', () => answering(plainEmbeddings));
embedderContract('the embedder openai, of a server that sends base64 and takes one text of 500 characters', () =>
  answering(({ body: { input } }) => {
    if (input.length > 1) return { status: 422, error: { message: 'batch size 32 > maximum allowed batch size 1' } };
    if (input[0]!.length > 500) return { status: 400, error: { message: 'This text is too long.' } };
    const bytes = Buffer.from(Float32Array.from(plainVector(input[0]!)).buffer);
    return { vectors: [bytes.toString('base64')] };
  }),
);
