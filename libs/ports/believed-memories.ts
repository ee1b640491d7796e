import type { ProjectedMemory } from './read-model-store.js';

/**
 * Port: all that a tenant believes, for work that looks at all of it.
 *
 * Promises:
 * - Every memory that was believed all the while is told once; one that changes meanwhile is told as it was at some
 *   moment of the reading, or not at all. What is decided on it must name its version.
 * - Memories of the same believer come one after another, those of one about the same end user too.
 * - It never answers another tenant's row.
 */
export abstract class BelievedMemories {
  /**
   * In pages of up to `pageSize`.
   * @param also what is believed no more and told all the same
   */
  abstract pages(tenantId: string, pageSize: number, also?: readonly 'superseded'[]): AsyncIterable<ProjectedMemory[]>;

  /** Those of `ids` that are there, whatever became of them; what was erased is not. */
  abstract named(tenantId: string, ids: readonly string[]): Promise<Map<string, ProjectedMemory>>;
}
