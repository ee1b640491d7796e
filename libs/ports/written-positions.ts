/** How long a position is remembered, in milliseconds: read models are behind for far less. */
export const positionKeptMs = 60_000;

/**
 * Port: how far each API key has written in the last minute, so that a plain client reads its own writes.
 *
 * Promises:
 * - `last` answers the highest position that was remembered for the key in the last minute, in this process or in
 *   another of the installation, and 0 when there was none; other keys do not count.
 * - What was remembered a minute ago is forgotten; remembering any position keeps the highest for a minute more.
 * - It never answers too little: when it cannot know (its store is away, or has lost its memory within the last
 *   minute), it answers null, and the reader must take the end of the log.
 * - Neither fails: positions that cannot be handed over are kept here, and tried again.
 */
export abstract class WrittenPositions {
  abstract remember(keyId: string, position: number): Promise<void>;
  abstract last(keyId: string): Promise<number | null>;
}
