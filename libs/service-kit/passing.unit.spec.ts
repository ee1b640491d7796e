import { describe, expect, it } from '@jest/globals';
import { isPassing } from './passing.js';

const withCode = (code: string) => Object.assign(new Error('it failed'), { code });
const withName = (name: string) => Object.assign(new Error('it failed'), { name });

describe('isPassing', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P03', '53300', '40001', '08006', 'P1001'])(
    'a server that is away, starts, or is full passes (%s)',
    (code) => expect(isPassing(withCode(code))).toBe(true),
  );

  it('so does a broken connection that has no code, and a Kafka that was tried often enough', () => {
    expect(isPassing(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPassing(withName('KafkaJSNumberOfRetriesExceeded'))).toBe(true);
    const wrapped = Object.assign(withName('KafkaJSNonRetriableError'), { cause: withName('KafkaJSConnectionError') });
    expect(isPassing(wrapped)).toBe(true);
  });

  it.each(['22P02', '23505', '42P01', 'P2002', 'ENOENT', 'ERR_INVALID_ARG_TYPE'])(
    'what would fail again does not (%s)',
    (code) => expect(isPassing(withCode(code))).toBe(false),
  );

  it('nor does what is no error, or speaks of a connection by chance', () => {
    expect(isPassing({ status: 'error', message: 'Internal server error' })).toBe(false);
    expect(isPassing(new Error('a memory about my connection to the sea'))).toBe(false);
    expect(isPassing(withName('KafkaJSNonRetriableError'))).toBe(false);
  });
});
