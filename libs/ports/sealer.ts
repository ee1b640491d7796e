/**
 * Port: encrypts what leaves the process for servers that only carry it: commands on their way, and their outcomes.
 *
 * Promises:
 * - What one process of an installation sealed, another one opens, with the same context and no other.
 * - A single changed bit makes `open` throw.
 * - Neither a sealed text nor a mark gives the text away; the same text has the same mark.
 */
export abstract class Sealer {
  abstract seal(plaintext: Uint8Array, context: string): Buffer;
  abstract open(sealed: Uint8Array, context: string): Buffer;
  /** A keyed hash (hexadecimal): to be equal is all that can be seen of it. */
  abstract mark(text: string): string;
}
