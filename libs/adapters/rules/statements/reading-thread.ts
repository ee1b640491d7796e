import type { Statement } from '#libs/domain/belief/claim.js';
import type { StatementContext } from '#libs/ports/statement-reader.js';
import { RulesStatementReader } from './rules-statement-reader.js';

/** A text to read, with its context. */
export type Said = readonly [text: string, context: StatementContext];

const reader = new RulesStatementReader();

/** What the thread of `ThreadedStatementReader` runs. */
export default function readAll(said: readonly Said[]): Statement[] {
  return said.map(([text, context]) => reader.read(text, context));
}
