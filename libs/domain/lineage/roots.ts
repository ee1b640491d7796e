import type { EdgeType, LineageGraph, LineageNode } from './lineage.js';

/** Edges that lead from an effect to its cause; `false`: from a cause to its effect; absent: neither causes the other. */
const leadsToCause: Partial<Record<EdgeType, boolean>> = {
  said_in: true,
  extracted_by: true,
  concluded_from: true,
  led_to: false,
  supports: false,
  edited: false,
  settled: false,
};

const rootKinds: readonly LineageNode['kind'][] = ['message', 'statement', 'import'];

/**
 * Ids of the messages, imports and statements that the belief ends in, going from its current version to what caused
 * it. Empty only where the memory was erased.
 */
export function rootsOf({ nodes, edges }: Pick<LineageGraph, 'nodes' | 'edges'>): string[] {
  const causes = new Map<string, string[]>();
  for (const { from, to, type } of edges) {
    const isToCause = leadsToCause[type];
    if (isToCause === undefined) continue;
    const [effect, cause] = isToCause ? [from, to] : [to, from];
    causes.set(effect, [...(causes.get(effect) ?? []), cause]);
  }
  const reached = new Set(nodes.filter((node) => node.kind === 'version' && node.isCurrent).map(({ id }) => id));
  // A set tells what is added to it while it is walked through.
  for (const id of reached) for (const cause of causes.get(id) ?? []) reached.add(cause);
  // Where a premise cannot be seen, what is behind it cannot either.
  const isRoot = (node: LineageNode): boolean =>
    rootKinds.includes(node.kind) ||
    (node.kind === 'alternative' && node.standing === 'premise' && node.visibility !== 'visible');
  return nodes.filter((node) => reached.has(node.id) && isRoot(node)).map(({ id }) => id);
}
