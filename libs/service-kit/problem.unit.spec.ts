import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { type ErrorCode, errorTable, ServiceError } from '#libs/contracts/errors.js';
import { invalidFields, problemOf, toServiceError } from './problem.js';

describe('problemOf', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])(
    '%s has both the RFC 9457 members and those of older clients',
    (code) => {
      const problem = problemOf(new ServiceError(code, 'Because.', { expected: 2 }), '/api/v1/memories', 'r-1');
      expect(problem).toEqual({
        type: `urn:memorystack:problem:${code}`,
        title: errorTable[code].title,
        status: errorTable[code].status,
        detail: 'Because.',
        instance: '/api/v1/memories',
        error: 'Because.',
        details: { expected: 2 },
        code,
        request_id: 'r-1',
      });
    },
  );

  it('lists the fields of a request that is not well-formed', () => {
    const problems = [
      { field: 'limit', message: 'must be at most 100' },
      { field: '', message: 'Send messages or content' },
    ];
    expect(problemOf(invalidFields(problems), '/', 'r-1')).toMatchObject({
      detail: 'limit must be at most 100; Send messages or content.',
      details: problems,
    });
  });
});

describe('toServiceError', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'payload_too_large'],
    [
      Object.assign(new Error('x'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }),
      'unsupported_media_type',
    ],
    [Object.assign(new Error('x'), { code: 'FST_ERR_BAD_URL', statusCode: 400 }), 'validation_failed'],
    [Object.assign(new Error('x'), { statusCode: 418 }), 'validation_failed'],
    [new NotFoundException(), 'not_found'],
    [new BadRequestException(), 'validation_failed'],
    [new Error('password=hunter2'), 'internal'],
    ['a text', 'internal'],
    [undefined, 'internal'],
  ])('%p is %s', (thrown, code) => {
    const error = toServiceError(thrown);
    expect(error.code).toBe(code);
    expect(error.detail).not.toContain('hunter2');
  });
});
