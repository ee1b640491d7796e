import { LRUCache } from 'lru-cache';
import type { Modality, Statement } from '#libs/domain/belief/claim.js';
import type { StatementReader } from '#libs/ports/statement-reader.js';

const keyOf = (text: string, observedAt: string, modality = ''): string => `${observedAt}|${modality}|${text}`;

/** Texts as statements: what is compared again and again is read once. */
export class StatementCache {
  private readonly known = new LRUCache<string, Statement>({ max: 20_000 });

  constructor(private readonly reader: StatementReader) {}

  get version(): string {
    return this.reader.version;
  }

  /** @param modality where it is decided; else it is read too */
  read(text: string, observedAt: string, modality?: string): Statement {
    const key = keyOf(text, observedAt, modality);
    let statement = this.known.get(key);
    if (statement === undefined) {
      statement = this.reader.read(text, { observedAt, modality: modality as Modality });
      this.known.set(key, statement);
    }
    return statement;
  }

  /** As `read`, for who can wait. */
  async readSoon(text: string, observedAt: string, modality?: string): Promise<Statement> {
    const key = keyOf(text, observedAt, modality);
    const known = this.known.get(key);
    if (known) return known;
    const statement = await this.reader.readSoon(text, { observedAt, modality: modality as Modality });
    this.known.set(key, statement);
    return statement;
  }
}
