import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

const pool = { bytes: Buffer.alloc(0), used: 0 };
const poolBytes = 16_384;

/** Fresh random bytes, drawn from the system in larger pieces: a call for every nonce cost more than the encryption. */
export function random(length: number): Buffer {
  if (pool.used + length > pool.bytes.length) {
    pool.bytes = randomBytes(poolBytes);
    pool.used = 0;
  }
  const drawn = pool.bytes.subarray(pool.used, pool.used + length);
  pool.used += length;
  return drawn;
}

/** Encrypts under `key`; `context` is bound to the result and must be given again to open it. */
export function seal(key: Buffer, plaintext: Uint8Array, context: string): Buffer {
  const nonce = random(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key or the context is another one, or when a single bit of `sealed` was changed. */
export function open(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(sealed.length - tagBytes);
  const decipher = createDecipheriv(algorithm, key, nonce);
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
}

export const newKey = (): Buffer => Buffer.from(random(keyBytes));

/** An independent key for one purpose (HKDF-SHA-256, RFC 5869). */
export function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `memorystack ${purpose}`, keyBytes));
}

/** Keyed hash of `parts`; no two lists of parts are hashed as the same bytes. */
export function keyedHash(key: Buffer, parts: readonly string[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest();
}
