/** Numbers for strings. A number whose string is removed is given out again. */
export class Dictionary {
  private readonly codes = new Map<string, number>();
  private readonly strings: (string | undefined)[] = [];
  private readonly free: number[] = [];

  /** Numbers are below this. */
  get limit(): number {
    return this.strings.length;
  }

  /** The number of a string, given out now if it has none. */
  codeOf(string: string): number {
    const known = this.codes.get(string);
    if (known !== undefined) return known;
    const code = this.free.pop() ?? this.strings.length;
    this.codes.set(string, code);
    this.strings[code] = string;
    return code;
  }

  /** The number of a string, or undefined if it has none. */
  find(string: string): number | undefined {
    return this.codes.get(string);
  }

  /** The string of a number that was given out. */
  stringOf(code: number): string {
    return this.strings[code]!;
  }

  remove(code: number): void {
    const string = this.strings[code];
    if (string === undefined) return;
    this.codes.delete(string);
    this.strings[code] = undefined;
    this.free.push(code);
  }
}
