/** Something that could not be processed: its ids, and never what it says. */
export interface ParkedNotice {
  kind: 'command' | 'stream';
  id: string;
  /** Null for a command that could not be opened. */
  tenantId: string | null;
  /** Of the commit that stopped a stream. */
  position: number | null;
  /** Class of the error; its message may quote a memory. */
  error: string;
}

/**
 * Port: tells people and other systems what waits to be looked at.
 *
 * Promises:
 * - `tell` never fails: what is parked stays parked whether or not anybody hears of it.
 * - A notice that was told is kept for weeks, and can be read by whoever watches.
 */
export abstract class ParkedNotices {
  abstract tell(notice: ParkedNotice): Promise<void>;
}
