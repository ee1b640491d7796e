import type { Statement } from './claim.js';

/** What follows from a statement alone is worked out once: a belief is compared with many statements. */
export function oncePerStatement<Value>(derive: (statement: Statement) => Value): (statement: Statement) => Value {
  const known = new WeakMap<Statement, { value: Value }>();
  return (statement) => {
    let found = known.get(statement);
    if (found === undefined) known.set(statement, (found = { value: derive(statement) }));
    return found.value;
  };
}
