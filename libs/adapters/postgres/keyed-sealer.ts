import { Sealer } from '#libs/ports/sealer.js';
import type { KeyRing } from './key-ring.js';
import { keyedHash, open, seal } from './payload-cipher.js';

/** AES-256-GCM under a key that is derived from the master key. */
export class KeyedSealer extends Sealer {
  private readonly sealKey: Buffer;
  private readonly markKey: Buffer;

  constructor(keyRing: KeyRing) {
    super();
    this.sealKey = keyRing.derived('carried by other servers');
    this.markKey = keyRing.derived('marks on other servers');
  }

  override seal(plaintext: Uint8Array, context: string): Buffer {
    return seal(this.sealKey, plaintext, context);
  }

  override open(sealed: Uint8Array, context: string): Buffer {
    return open(this.sealKey, sealed, context);
  }

  override mark(text: string): string {
    return keyedHash(this.markKey, [text]).toString('hex');
  }
}
