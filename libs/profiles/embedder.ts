import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import type { EmbedderSettings } from '#libs/contracts/embedder-settings.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { EmbedderServer } from '#libs/service-kit/embedder-configuration.js';

/** Where the configuration says nothing of the server that an index was made with. */
const standardServer = { apiKey: null, timeoutMs: 10_000, tokensPerDay: 0 };

/**
 * The embedder that the configuration names, opened. What only one of them needs is loaded for that one alone.
 * @throws ModelFolderError where the folder of `onnx` is of no use
 */
export async function embedderOf(settings: EmbedderSettings, server: EmbedderServer | null = null): Promise<Embedder> {
  switch (settings.name) {
    case 'none':
      return new NoEmbedder();
    case 'static':
      return new StaticEmbedder();
    case 'onnx': {
      const { OnnxEmbedder } = await import('#libs/adapters/onnx-embedder/onnx-embedder.js');
      return OnnxEmbedder.open(settings.folder);
    }
    case 'openai': {
      const { OpenaiEmbedder } = await import('#libs/adapters/openai/openai-embedder.js');
      return new OpenaiEmbedder({ ...settings, ...(server?.url === settings.url ? server : standardServer) });
    }
  }
}
