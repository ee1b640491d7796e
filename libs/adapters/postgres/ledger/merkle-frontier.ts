import { hash } from 'node:crypto';

const hashBytes = 32;
const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

/** Hash of a leaf of the tree: SHA-256(0x00 ‖ stored commit bytes), RFC 6962 section 2.1. */
export function leafHash(commitBytes: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([leafPrefix, commitBytes]), 'buffer');
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

/**
 * The roots of the complete subtrees of a log of `size` leaves, largest first: what it takes to add a leaf and to
 * tell the root, in log2(size) hashes.
 */
export class MerkleFrontier {
  private constructor(
    private roots: Buffer[],
    private leaves: number,
  ) {}

  /** @throws Error when the bytes are not the frontier of a log of `size` commits */
  static read(bytes: Uint8Array, size: number): MerkleFrontier {
    if (bytes.length !== bitCount(size) * hashBytes) {
      throw new Error(`The frontier does not belong to a log of ${size} commits.`);
    }
    const roots: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += hashBytes) roots.push(Buffer.from(bytes.subarray(at, at + hashBytes)));
    return new MerkleFrontier(roots, size);
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let rest = this.leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = nodeHash(this.roots.pop()!, hash);
    this.roots.push(hash);
    this.leaves += 1;
  }

  bytes(): Buffer {
    return Buffer.concat(this.roots);
  }

  /** The Merkle tree hash of RFC 6962; the hash of nothing for an empty log. */
  root(): Buffer {
    if (this.roots.length === 0) return hash('sha256', '', 'buffer');
    return this.roots.reduceRight((right, left) => nodeHash(left, right));
  }
}

function bitCount(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
