/** Two statements, the older first, and how the newer one stands to it; in the fields of the shared development set. */
export interface LabelledPair {
  id: string;
  a: string;
  b: string;
  relation: string;
  /** Relations that count as right. */
  accept: readonly string[];
  kind: string | null;
  slot: string | null;
  difficulty: string;
}

/** `[older, newer, 'accepted relations, the first being the best; kind; slot; difficulty']`, a dash where there is none. */
export type PairRow = readonly [a: string, b: string, label: string];

export function pairsOf(prefix: string, rows: readonly PairRow[]): LabelledPair[] {
  return rows.map(([a, b, label], at) => {
    const [accepted, kind, slot, difficulty] = label.split(' ');
    const accept = accepted!.split(',');
    return {
      ...{ id: `${prefix}-${String(at + 1).padStart(3, '0')}`, a, b, relation: accept[0]!, accept },
      ...{ kind: kind === '-' ? null : kind!, slot: slot === '-' ? null : slot!, difficulty: difficulty! },
    };
  });
}
