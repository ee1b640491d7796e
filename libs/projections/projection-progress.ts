/** How far the projections are, for those who read them. It is the Nest token too. */
export abstract class ProjectionProgress {
  /**
   * Resolves true when everything up to `position` is there, false after `timeoutMs`.
   * @param searchable whether the search index must have it too, and not only the rows
   */
  abstract waitFor(tenantId: string, position: number, timeoutMs: number, searchable: boolean): Promise<boolean>;
  abstract ready(): boolean;
  abstract indexedDocuments(): number;
  abstract parkedStreams(): number;
}
