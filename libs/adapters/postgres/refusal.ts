import pg from 'pg';
import { ValueRefused } from './binary-array.js';

/**
 * Whether the data itself was refused, and the same data would be again: values that no row can hold, and rows that
 * break a rule of their table (SQLSTATE classes 22, 23, 54). The transaction was certainly rolled back.
 */
export function isRefusal(error: unknown): error is Error {
  return error instanceof ValueRefused || (error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? ''));
}

/** Connections that broke or were refused, a server that starts, stops or is full, a lost race (classes 08, 40, 53, 57). */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|40|53|57)/.test(error.code ?? '');
  const { code, message } = error as { code?: string; message?: string };
  return /^E(?:CONN|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)/.test(code ?? '') || /connection/i.test(message ?? '');
}
