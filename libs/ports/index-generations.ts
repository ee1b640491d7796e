import type { EmbedderSettings } from '#libs/contracts/embedder-settings.js';
import type { EmbedderKind } from './embedder.js';

/** What a sample of questions found in a generation that was filled, and in the one that answers. */
export interface IndexComparison {
  /** Questions asked of both: texts of documents, each of which should find its own. */
  questions: number;
  /** Documents that were among the first ten results of their own text. */
  foundBefore: number;
  foundAfter: number;
  /** Share of the first ten results that both have, 0 to 1. */
  shared: number;
  documentsBefore: number;
  documentsAfter: number;
}

/**
 * `filling`: being made; `complete`: it answers, or did before; `rejected`: a comparison found it worse, or somebody
 * rolled it back; `retired`: another one took its place.
 */
export type GenerationState = 'filling' | 'complete' | 'rejected' | 'retired';

/** How far the filling of a generation is. */
export interface FillingState {
  /** Documents in it, and in the one that answers. */
  documents: number;
  expected: number;
  /** Of its documents those that the embedder has not read yet. */
  unread: number;
}

/** Which embedder reads the texts of an index, and what it was when the index was wanted: a folder may hold another. */
export interface IndexEmbedder {
  settings: EmbedderSettings;
  model: string;
  kind: EmbedderKind;
  dimensions: number;
}

/** One making of the search index. */
export interface IndexGeneration {
  id: number;
  embedder: IndexEmbedder;
  /** Version of the code that turned its texts into words: `READING_VERSION`. */
  reading: number;
  state: GenerationState;
  comparison: IndexComparison | null;
  /** While it is filled, as it was last noted. */
  progress: FillingState | null;
  /** ISO 8601 in UTC. */
  createdAt: string;
}

export interface KnownGenerations {
  /** The one that answers. */
  active: number;
  /** Since when, ISO 8601 in UTC. */
  activeSince: string;
  /** The one that answered before it; it is still written, so that going back takes no time. */
  previous: number | null;
  /** All that are written: the active one, the previous one and the one that is filled. */
  generations: readonly IndexGeneration[];
}

/** What came of wanting an index of some kind. */
export type WantedIndex = 'there' | 'filling' | 'rejected';

/** There is no generation to go back to. */
export class NothingToRollBack extends Error {
  constructor() {
    super('There is no earlier search index to go back to: none was replaced, or it was retired already.');
    this.name = 'NothingToRollBack';
  }
}

/**
 * Port: the generations of the search index of an installation, and which one answers. A generation is written from the
 * moment it is wanted until it is retired; at most three are at a time.
 *
 * Promises:
 * - There is an active generation from the first `want` on, and it changes in one step for everybody.
 * - Numbers are not used twice.
 * - `onChange` is called in every process soon after anything changed, and after a time in which it might have been missed.
 */
export abstract class IndexGenerations {
  /** Null before the first `want`. */
  abstract known(): Promise<KnownGenerations | null>;

  /**
   * Sees to it that there is an index read by this embedder and this code. The first one is active at once; a later one
   * is filled beside the one that answers. One that was rejected is not made again unless `anew`.
   * @param anew makes another one whatever there is
   */
  abstract want(embedder: IndexEmbedder, reading: number, anew?: boolean): Promise<WantedIndex>;

  /** Notes how far the filling is, for those who ask; nobody is told. */
  abstract progressed(id: number, progress: FillingState): Promise<void>;

  /** Notes what comparing a generation that was filled has shown. */
  abstract compared(id: number, comparison: IndexComparison): Promise<void>;

  /** Makes one that is written the active one; that before it becomes the previous one, and any older one is retired. */
  abstract activate(id: number): Promise<void>;

  abstract reject(id: number): Promise<void>;

  /** Makes the previous one active again, and rejects the one it takes over from. @throws NothingToRollBack */
  abstract rollBack(): Promise<void>;

  /** Ends the writing of the previous one: there is no going back to it. */
  abstract retirePrevious(): Promise<void>;

  /** Not written since at least so many seconds, and not removed yet. */
  abstract retired(sinceSeconds: number): Promise<IndexGeneration[]>;

  /** What one that is not written consisted of is gone. */
  abstract removed(id: number): Promise<void>;

  /** @returns ends it */
  abstract onChange(changed: () => void): () => void;
}
