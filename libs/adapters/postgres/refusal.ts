import pg from 'pg';
import { ValueRefused } from './binary-array.js';

/**
 * Whether the data itself was refused, and the same data would be again: values that no row can hold, and rows that
 * break a rule of their table (SQLSTATE classes 22, 23, 54). The transaction was certainly rolled back.
 */
export function isRefusal(error: unknown): error is Error {
  return error instanceof ValueRefused || (error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? ''));
}
