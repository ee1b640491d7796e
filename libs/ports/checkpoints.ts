/** What follows the log by itself. */
export type ProjectionName = 'read-model' | IndexProjectionName;

/** Each generation of the index follows by itself. */
export type IndexProjectionName = `search-index-${number}`;

export function indexProjection(generation: number): IndexProjectionName {
  return `search-index-${generation}`;
}

/**
 * Port: how far each projection of each tenant is. That of the read model moves with its rows (`ReadModelStore.apply`).
 *
 * Promises:
 * - A tenant that was never projected is at 0.
 * - `advance` never moves a checkpoint back.
 */
export abstract class Checkpoints {
  abstract position(projection: ProjectionName, tenantId: string): Promise<number>;
  abstract advance(projection: ProjectionName, tenantId: string, position: number): Promise<void>;
  /** Back to 0, for a projection that is made again. */
  abstract reset(projection: ProjectionName, tenantId: string): Promise<void>;
}
