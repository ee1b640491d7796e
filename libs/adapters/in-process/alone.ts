import { Leadership } from '#libs/ports/leadership.js';

/** There is one process. */
export class Alone extends Leadership {
  override leads(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
