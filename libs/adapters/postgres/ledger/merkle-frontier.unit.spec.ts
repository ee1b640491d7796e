import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { leafHash, MerkleFrontier } from './merkle-frontier.js';

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The tree hash as RFC 6962, section 2.1, writes it down: split at the largest power of two below the size. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function frontierOf(leaves: readonly Uint8Array[]): MerkleFrontier {
  const frontier = MerkleFrontier.read(Buffer.alloc(0), 0);
  for (const leaf of leaves) frontier.append(leafHash(leaf));
  return frontier;
}

/** The inputs that implementations of Certificate Transparency are tested with, and two of their published roots. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = inputs.map((hex) => Buffer.from(hex, 'hex'));
const roots = {
  0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
} as const;

describe('the Merkle frontier', () => {
  it('has the published roots of RFC 6962', () => {
    for (const [size, root] of Object.entries(roots)) {
      expect(
        frontierOf(leaves.slice(0, Number(size)))
          .root()
          .toString('hex'),
      ).toBe(root);
    }
  });

  it('has the root of the whole tree at every size, also when it is stored and read back after each leaf', () => {
    const many = Array.from({ length: 70 }, (_, index) => Buffer.from(`commit ${index}`));
    let frontier = MerkleFrontier.read(Buffer.alloc(0), 0);
    for (let size = 0; size <= many.length; size += 1) {
      expect(frontier.root()).toEqual(treeHash(many.slice(0, size)));
      expect(frontier.bytes()).toHaveLength(32 * size.toString(2).replaceAll('0', '').length);
      if (size === many.length) break;
      frontier = MerkleFrontier.read(frontier.bytes(), size);
      frontier.append(leafHash(many[size]!));
    }
  });

  it('has another root when any bit of any leaf, or their order, is another', () => {
    const root = frontierOf(leaves).root();
    for (const [index, leaf] of leaves.entries()) {
      for (let bit = 0; bit < leaf.length * 8; bit += 1) {
        const changed = Buffer.from(leaf);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(frontierOf(leaves.with(index, changed)).root()).not.toEqual(root);
      }
    }
    expect(frontierOf([...leaves].reverse()).root()).not.toEqual(root);
  });

  it('does not take a node for a leaf', () => {
    const two = frontierOf(leaves.slice(0, 2));
    const left = leafHash(leaves[0]!);
    const right = leafHash(leaves[1]!);
    expect(frontierOf([Buffer.concat([left, right])]).root()).not.toEqual(two.root());
  });

  it('is refused for a log of another size', () => {
    const { length } = leaves;
    const bytes = frontierOf(leaves.slice(0, 7)).bytes();
    expect(() => MerkleFrontier.read(bytes, length)).toThrow('does not belong to a log of 8 commits');
    expect(() => MerkleFrontier.read(bytes.subarray(0, 40), 3)).toThrow('does not belong');
    expect(MerkleFrontier.read(bytes, 7).root()).toEqual(treeHash(leaves.slice(0, 7)));
  });
});
