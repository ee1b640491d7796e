import { InferenceSession, Tensor } from 'onnxruntime-node';
import { availableParallelism } from 'node:os';
import type { EmbeddedAs } from '#libs/ports/embedder.js';
import { type ModelFolder, ModelFolderError, readModelFolder } from './model-folder.js';
import { normalised, pooled } from './pooling.js';
import { TextTokens } from './text-tokens.js';

/** Half of the processors, so that the other half serves requests; more than four gain little for a sentence. */
const threadsMost = 4;
/** What an export may ask for beside the tokens: 1 for each token, 0 for each, or their places. */
const fillings: Record<string, (at: number) => number> = {
  attention_mask: () => 1,
  token_type_ids: () => 0,
  position_ids: (at) => at,
};
/** Vectors of tokens before the vector of the text: pooling as the folder says it has the last word. */
const outputs = ['last_hidden_state', 'token_embeddings', 'sentence_embedding'];

/**
 * A model of a folder, one text at a time and never padded: then a text has the same vector whatever else is asked,
 * also where activations are quantised by what lies in the same tensor. Holds the thread that it runs in for the whole
 * of a text: the runtime's promises wait for nothing.
 */
export class EmbeddingModel {
  private constructor(
    private readonly model: ModelFolder,
    private readonly tokens: TextTokens,
    private readonly session: InferenceSession,
    private readonly output: string,
    private readonly whole: boolean[],
    public dimensions = 0,
  ) {}

  /** @throws ModelFolderError */
  static async open(folder: string): Promise<EmbeddingModel> {
    const model = readModelFolder(folder);
    const session = await sessionOf(model);
    const strange = session.inputNames.find((name) => name !== 'input_ids' && !(name in fillings));
    if (strange !== undefined || !session.inputNames.includes('input_ids')) {
      throw new ModelFolderError(
        `${model.weights} asks for ${session.inputNames.join(', ')}: export the encoder of a text model, with input_ids.`,
      );
    }
    const tokens = tokensOf(model);
    const output = outputs.find((name) => session.outputNames.includes(name)) ?? session.outputNames[0]!;
    const isWhole = session.inputMetadata.map((input) => input.isTensor && input.type === 'int32');
    const opened = new EmbeddingModel(model, tokens, session, output, isWhole);
    await opened.learnDimensions();
    return opened;
  }

  /** Zeros where it tells the model nothing. */
  async vectorOf(text: string, as: EmbeddedAs): Promise<Float32Array> {
    const tokens = this.tokens.of(text, as);
    return tokens.length === 0 ? new Float32Array(this.dimensions) : this.run(tokens);
  }

  close(): Promise<void> {
    return this.session.release();
  }

  private async run(tokens: readonly number[]): Promise<Float32Array> {
    const results = await this.session.run(this.feedsOf(tokens), [this.output]);
    const { data, dims } = results[this.output]!;
    if (!(data instanceof Float32Array)) {
      throw new ModelFolderError(`${this.model.weights} answers in other numbers than float32: export it with those.`);
    }
    const vector = dims.length === 3 ? pooled(data, tokens.length, this.model.pooling) : data;
    return this.model.isNormalised ? normalised(vector) : vector;
  }

  private feedsOf(tokens: readonly number[]): Record<string, Tensor> {
    const shape = [1, tokens.length];
    const feeds: Record<string, Tensor> = {};
    for (const [index, name] of this.session.inputNames.entries()) {
      const filling = fillings[name];
      const numbers = filling ? tokens.map((_, at) => filling(at)) : tokens;
      feeds[name] = this.whole[index]
        ? new Tensor('int32', Int32Array.from(numbers), shape)
        : new Tensor('int64', BigInt64Array.from(numbers, BigInt), shape);
    }
    return feeds;
  }

  /** By asking: what an export gives is not always what its folder says. */
  private async learnDimensions(): Promise<void> {
    const { weights, dimensions } = this.model;
    const found = await this.run(this.tokens.sample).catch((error: unknown) => {
      if (error instanceof ModelFolderError) throw error;
      throw new ModelFolderError(`${weights} cannot be run: ${messageOf(error)}`, { cause: error });
    });
    if (dimensions !== null && found.length !== dimensions) {
      throw new ModelFolderError(
        `${weights} gives vectors of ${found.length} numbers where its folder says ${dimensions}: ` +
          'the weights belong to another model, so fetch the folder again.',
      );
    }
    this.dimensions = found.length;
  }
}

async function sessionOf({ weights }: ModelFolder): Promise<InferenceSession> {
  const threads = Math.max(1, Math.min(threadsMost, Math.floor(availableParallelism() / 2)));
  try {
    return await InferenceSession.create(weights, {
      ...{ intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential' },
      // Both keep memory for every length of text that there was.
      ...{ enableCpuMemArena: false, enableMemPattern: false },
      ...{ executionProviders: ['cpu'], logSeverityLevel: 3 },
    });
  } catch (error) {
    throw new ModelFolderError(`${weights} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}

function tokensOf(model: ModelFolder): TextTokens {
  try {
    return new TextTokens(model);
  } catch (error) {
    throw new ModelFolderError(`tokenizer.json in ${model.folder} is not understood: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
