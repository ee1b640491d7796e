/** How far the filling of a generation of the search index is. */
export interface Filling {
  /** Whether it holds all that was in the log when the filling began to be followed, and more. */
  isFilled: boolean;
  /** Documents that are in it. */
  documents: number;
  /** Documents of the index that answers. */
  expected: number;
}

/** Tells how far the filling of a generation is. It is the Nest token too. */
export abstract class FillProgress {
  abstract filling(generation: number): Promise<Filling>;
}
