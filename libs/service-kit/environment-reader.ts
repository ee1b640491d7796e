/** Read by the SDKs, the tests and `npm run models`, which may share a shell with the server. */
const FOREIGN_VARIABLE = /^MEMORYSTACK_(?:BASE_URL|MODEL_HUB|TEST_\w+)$/;

/** Reads variables by name and collects what is wrong with them, instead of stopping at the first. */
export class EnvironmentReader<Variable extends string> {
  readonly problems: string[] = [];

  /** @param known every variable that there is */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly known: readonly Variable[],
  ) {}

  problem(sentence: string): void {
    this.problems.push(sentence);
  }

  text(name: Variable): string | null {
    const value = this.environment[name]?.trim();
    return value ? value : null;
  }

  integer(name: Variable, { standard, min, max }: { standard: number; min: number; max: number }): number {
    const value = this.text(name);
    if (value === null) return standard;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    this.problem(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
    return standard;
  }

  choice<Choice extends string>(name: Variable, choices: readonly Choice[], standard: Choice): Choice {
    const value = this.text(name);
    if (value === null) return standard;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.problem(`${name} must be one of ${choices.join(', ')}, not "${value}"`);
    return found ?? standard;
  }

  flag(name: Variable): boolean {
    return this.choice(name, ['true', 'false'], 'false') === 'true';
  }

  /** A URL with one of the `protocols`; `example` shows what it should look like. */
  url(name: Variable, protocols: readonly string[], example: string): string | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      this.problem(`${name} must look like ${example}`);
    }
    return value;
  }

  /** A misspelt name would otherwise be ignored in silence, and the server would run with the standard value. */
  reportUnknownVariables(): void {
    const known: readonly string[] = this.known;
    for (const name of Object.keys(this.environment).sort()) {
      if (!name.startsWith('MEMORYSTACK_') || known.includes(name) || FOREIGN_VARIABLE.test(name)) continue;
      this.problem(`${name} is not a variable of this server; did you mean ${nearest(name, known)}?`);
    }
  }
}

function nearest(name: string, candidates: readonly string[]): string {
  const byDistance = candidates.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  return byDistance.reduce((best, next) => (next.distance < best.distance ? next : best)).candidate;
}

/** Levenshtein distance: the fewest insertions, deletions and replacements of one character. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
