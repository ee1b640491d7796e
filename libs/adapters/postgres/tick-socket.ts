import { Socket } from 'node:net';

/** A socket that sends together what one turn of the event loop writes: one call to the system, not one a message. */
export class TickSocket extends Socket {
  private gathers = false;

  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    if (!this.gathers) {
      this.gathers = true;
      this.cork();
      process.nextTick(() => {
        this.gathers = false;
        this.uncork();
      });
    }
    return super.write(chunk, ...(rest as []));
  }
}
