import { describe, expect, it } from '@jest/globals';
import { collapsePath, MethodTable } from './http-paths.js';

describe('collapsePath', () => {
  it.each([
    ['/api/v1/memories', '/api/v1/memories'],
    ['/api/v1//api/v1/memories', '/api/v1/memories'],
    ['/api/v1/api/v1/api/v1/memories?limit=1', '/api/v1/memories?limit=1'],
    ['//api/v1///memories//search?query=a//b', '/api/v1/memories/search?query=a//b'],
    ['/api/v1/api/v1', '/api/v1'],
    ['/api/v1/api/v10/memories', '/api/v1/api/v10/memories'],
    ['/memories/api/v1/api/v1', '/memories/api/v1/api/v1'],
  ])('%s is %s', (url, expected) => {
    expect(collapsePath(url)).toBe(expected);
  });
});

describe('MethodTable', () => {
  const table = new MethodTable();
  table.add('/memories', ['GET', 'HEAD']);
  table.add('/memories', ['POST']);
  table.add('/memories/:id', ['DELETE']);
  table.add('/memories/batch', ['PUT']);
  table.add('/docs/*', ['GET']);

  it.each([
    ['/memories', ['GET', 'HEAD', 'POST']],
    ['/memories/1', ['DELETE']],
    ['/memories/batch', ['DELETE', 'PUT']],
    ['/memories/1/2', []],
    ['/docs/static/a.css', ['GET']],
    ['/other', []],
  ])('%s takes %j', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });
});
