import type { Pooling } from './model-folder.js';

/**
 * One vector for a text out of those of its tokens, which lie one behind the other.
 * @param states `tokens` times `dimensions` numbers
 */
export function pooled(states: Float32Array, tokens: number, pooling: Pooling): Float32Array {
  const dimensions = states.length / tokens;
  if (pooling === 'cls') return states.slice(0, dimensions);
  if (pooling === 'max') return largest(states, dimensions);
  const sums = new Float64Array(dimensions);
  for (let at = 0; at < states.length; at++) sums[at % dimensions]! += states[at]!;
  const divisor = pooling === 'mean' ? tokens : Math.sqrt(tokens);
  return Float32Array.from(sums, (sum) => sum / divisor);
}

/** Of unit length; zeros stay what they are. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, number) => sum + number * number, 0));
  return length > 0 ? vector.map((number) => number / length) : vector;
}

function largest(states: Float32Array, dimensions: number): Float32Array {
  const most = states.slice(0, dimensions);
  for (let at = dimensions; at < states.length; at++) {
    const dimension = at % dimensions;
    if (states[at]! > most[dimension]!) most[dimension] = states[at]!;
  }
  return most;
}
