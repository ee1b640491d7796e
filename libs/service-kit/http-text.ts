import { invalid } from './problem.js';

/**
 * Deeper JSON is nobody's data, and code that walks it recursively must not run out of stack. Also, what one API takes
 * the other must be able to show: a level of JSON is two of a message, and most readers of messages stop at 100.
 */
const deepestNesting = 48;
const unstorable = /\0|\p{Surrogate}/u;

/**
 * Checks that JSON from outside can be kept and worked with: every string inside it, keys included, can be stored
 * (PostgreSQL takes no NUL, UTF-8 no lone surrogate), and no key would become a prototype when it is copied.
 * @throws ServiceError validation_failed naming the field
 */
export function assertStorable(value: unknown, path = '', depth = 0): void {
  if (typeof value === 'string') {
    if (unstorable.test(value)) throw unstorableText(path);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth === deepestNesting) throw invalid('', `JSON may be nested at most ${deepestNesting} levels deep`);
  for (const key in value) {
    if (unstorable.test(key)) throw unstorableText(path);
    const below = path === '' ? key : `${path}.${key}`;
    if (key === '__proto__') throw invalid(below, 'is not a name that a field may have: rename it');
    assertStorable((value as Record<string, unknown>)[key], below, depth + 1);
  }
}

function unstorableText(path: string) {
  return invalid(path, 'holds a NUL character or half of a surrogate pair: remove it');
}
