import { describe, expect, it } from '@jest/globals';
import { loggableError } from './logging.js';

describe('loggableError', () => {
  it("keeps a library's code and stack, and drops its message, which may quote content", () => {
    const error = Object.assign(new Error('invalid input: "my secret diary"'), { code: '22P02' });
    const logged = loggableError(error);
    expect(logged).toMatchObject({
      name: 'Error',
      code: '22P02',
      stack: [
        expect.stringContaining('logging.unit'),
        ...Array((logged['stack'] as []).length - 1).fill(expect.any(String)),
      ],
    });
    expect(JSON.stringify(logged)).not.toContain('secret');
  });

  it("keeps the message of the engine's own errors", () => {
    expect(loggableError(new TypeError('x is not a function'))).toMatchObject({ message: 'x is not a function' });
  });

  it('says of what is no error only what it is', () => {
    expect(loggableError('my secret diary')).toEqual({ name: 'string' });
  });
});
