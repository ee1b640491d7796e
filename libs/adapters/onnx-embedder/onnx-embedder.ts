import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Piscina } from 'piscina';
import { type TextVector, textVector } from '#libs/domain/ranking/text-vector.js';
import { type EmbeddedAs, Embedder, EmbedderUnreachable } from '#libs/ports/embedder.js';
import type { EmbeddingTask } from './embedding-thread.js';
import { ModelFolderError, readModelFolder } from './model-folder.js';

/** Enough to tell the weights of one folder from those of another. */
const hashChars = 12;
/** A thread that ended, out of memory for instance, is started anew by the next text. */
const retryAfterSeconds = 5;

type Thread = Piscina<EmbeddingTask, Float32Array>;

interface Waiting {
  task: EmbeddingTask;
  resolve: (vector: TextVector) => void;
  reject: (error: unknown) => void;
}

/**
 * The embedder `onnx`: a model of sentence-transformers in a folder, on the processor. It runs in a thread of its own,
 * because the runtime holds the one that it is called in, and takes texts one by one, questions first: so nobody who asks
 * waits for longer than a text that was begun.
 */
export class OnnxEmbedder extends Embedder {
  override readonly kind = 'contextual';
  override readonly isInstant = false;
  private readonly questions: Waiting[] = [];
  private readonly documents: Waiting[] = [];
  private isBusy = false;
  private working: Promise<void> = Promise.resolve();
  private isClosed = false;

  private constructor(
    override readonly model: string,
    override readonly dimensions: number,
    private readonly folder: string,
    private readonly thread: Thread,
  ) {
    super();
  }

  /**
   * Opens the model: a second or two.
   * @param file the compiled module of the thread, which cannot run sources
   * @throws ModelFolderError
   */
  static async open(folder: string, file = new URL('./embedding-thread.js', import.meta.url)): Promise<OnnxEmbedder> {
    const path = resolve(folder);
    const { weights, moreWeights } = readModelFolder(path);
    const hash = await hashOf([weights, ...moreWeights]);
    const thread = threadOf(file);
    try {
      const { length } = await thread.run([path, '', 'document']);
      return new OnnxEmbedder(`${basename(path)}@${hash}`, length, path, thread);
    } catch (error) {
      await thread.destroy();
      // What a thread throws has lost its class on the way.
      throw new ModelFolderError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  override async embed(texts: readonly string[], as: EmbeddedAs): Promise<TextVector[]> {
    return Promise.all(texts.map((text) => this.inTurn(text, as)));
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of [...this.questions.splice(0), ...this.documents.splice(0)]) reject(closed());
    // A thread that is ended over a text would answer into nothing, which is an error that nobody hears.
    await this.working;
    await this.thread.destroy();
  }

  private inTurn(text: string, as: EmbeddedAs): Promise<TextVector> {
    if (this.isClosed) return Promise.reject(closed());
    const task: EmbeddingTask = [this.folder, text, as];
    return new Promise((resolve, reject) => {
      (as === 'question' ? this.questions : this.documents).push({ task, resolve, reject });
      if (!this.isBusy) this.working = this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const { task, resolve, reject } = next;
      await this.thread.run(task).then(
        (vector) => resolve(textVector(vector)),
        (cause: unknown) => reject(this.isClosed ? closed() : new EmbedderUnreachable(retryAfterSeconds, { cause })),
      );
    }
    this.isBusy = false;
  }

  private next(): Waiting | undefined {
    return this.questions.shift() ?? this.documents.shift();
  }
}

function threadOf(file: URL): Thread {
  return new Piscina({
    filename: file.href,
    ...{ minThreads: 1, maxThreads: 1, recordTiming: false, atomics: 'disabled' },
  });
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, hashChars);
}

function closed(): Error {
  return new Error('The embedder is closed.');
}
