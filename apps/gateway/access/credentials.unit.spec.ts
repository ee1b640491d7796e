import { describe, expect, it } from '@jest/globals';
import { apiKeyOf } from './credentials.js';

describe('apiKeyOf', () => {
  it.each([
    [{ authorization: 'Bearer abc' }],
    [{ authorization: 'bearer  abc ' }],
    [{ 'x-api-key': ' abc' }],
    [{ authorization: 'Bearer abc', 'x-api-key': 'abc' }],
  ])('reads the key from %j', (headers) => {
    expect(apiKeyOf(headers)).toBe('abc');
  });

  it.each([
    [{}, 'Send your API key'],
    [{ 'x-api-key': '' }, 'Send your API key'],
    [{ authorization: 'abc' }, 'must be: Bearer'],
    [{ authorization: 'Basic abc' }, 'must be: Bearer'],
    [{ authorization: 'Bearer a b' }, 'must be: Bearer'],
    [{ authorization: 'nonsense', 'x-api-key': 'abc' }, 'must be: Bearer'],
    [{ authorization: 'Bearer abc', 'x-api-key': 'abd' }, 'different keys'],
  ])('refuses %j', (headers, sentence) => {
    expect(() => apiKeyOf(headers)).toThrow(sentence);
  });
});
