import { describe, expect, it } from '@jest/globals';
import type { ServiceError } from '#libs/contracts/errors.js';
import { filterOf, metadataFilterOf } from './filter-tree.js';

const nested = (depth: number): unknown => (depth === 1 ? { status: 'active' } : { NOT: nested(depth - 1) });

describe('filterOf', () => {
  it.each([
    [{ memory_type: 'fact' }, { field: 'memoryType', equals: 'fact' }],
    [{ user_id: 'self' }, { field: 'userId', equals: null }],
    [{ session_id: null }, { field: 'sessionId', equals: null }],
    [{ 'metadata.customer.tier': 2 }, { field: 'metadata.customer.tier', equals: 2 }],
    [{ status: { ne: 'active' } }, { not: { field: 'status', equals: 'active' } }],
    [{ scope: { in: ['team', 'project'] } }, { field: 'scope', anyOf: ['team', 'project'] }],
    [{ confidence: { gte: 0.5 } }, { field: 'confidence', atLeast: 0.5 }],
    [
      { confidence: { gte: 0.5, lte: 0.9 } },
      {
        and: [
          { field: 'confidence', atLeast: 0.5 },
          { field: 'confidence', atMost: 0.9 },
        ],
      },
    ],
    [{ said_at: { lte: '2024-05-01' } }, { field: 'saidAt', atMost: '2024-05-01T23:59:59.999Z' }],
    [{ said_at: { gte: '2024-05-01' } }, { field: 'saidAt', atLeast: '2024-05-01T00:00:00.000Z' }],
    [
      { OR: [{ scope: 'team' }, { NOT: { agent_id: { eq: 'a' } } }], status: 'active' },
      {
        and: [
          { or: [{ field: 'scope', equals: 'team' }, { not: { field: 'agentId', equals: 'a' } }] },
          { field: 'status', equals: 'active' },
        ],
      },
    ],
    [
      { AND: [{ memory_type: 'fact', team_id: 't' }] },
      {
        and: [
          {
            and: [
              { field: 'memoryType', equals: 'fact' },
              { field: 'teamId', equals: 't' },
            ],
          },
        ],
      },
    ],
  ])('%j', (tree, filter) => {
    expect(filterOf(tree)).toEqual(filter);
  });

  it.each([
    [{}, 'filters'],
    ['text', 'filters'],
    [[], 'filters'],
    [{ AND: [] }, 'filters.AND'],
    [{ AND: { status: 'a' } }, 'filters.AND'],
    [{ OR: [{ status: 'a' }, 3] }, 'filters.OR.1'],
    [{ NOT: [] }, 'filters.NOT'],
    [{ owner_agent_id: 'x' }, 'filters.owner_agent_id'],
    [{ constructor: 'x' }, 'filters.constructor'],
    [{ 'metadata.': 'x' }, 'filters.metadata.'],
    [{ status: { gt: 1 } }, 'filters.status.gt'],
    [{ status: { toString: 1 } }, 'filters.status.toString'],
    [{ status: {} }, 'filters.status'],
    [{ status: { in: [] } }, 'filters.status.in'],
    [{ status: ['a'] }, 'filters.status'],
    [{ status: { eq: { deep: 1 } } }, 'filters.status.eq'],
    [{ confidence: { gte: true } }, 'filters.confidence.gte'],
    [{ said_at: { gte: 'soon' } }, 'filters.said_at.gte'],
    [{ scope: { in: Array(65).fill('team') } }, 'filters.scope.in'],
    [{ OR: Array(65).fill({ scope: 'team' }) }, 'filters.OR'],
    [nested(9), `filters${'.NOT'.repeat(8)}`],
  ])('refuses %j at %s', (tree, field) => {
    let refusal: ServiceError | null = null;
    try {
      filterOf(tree);
    } catch (err) {
      refusal = err as ServiceError;
    }
    expect(refusal?.facts['fields']).toEqual([{ field, message: expect.any(String) }]);
  });

  it('goes as deep and as wide as the limits say', () => {
    expect(() => filterOf(nested(8))).not.toThrow();
    expect(() => filterOf({ OR: Array(64).fill({ scope: 'team' }) })).not.toThrow();
  });
});

describe('metadataFilterOf', () => {
  it('asks every field for equality', () => {
    expect(metadataFilterOf({ priority: 'high', done: false })).toEqual([
      { field: 'metadata.priority', equals: 'high' },
      { field: 'metadata.done', equals: false },
    ]);
    expect(metadataFilterOf({})).toEqual([]);
  });

  it.each([['text'], [[1]], [{ a: { b: 1 } }], [{ a: [1] }]])('refuses %j', (metadata) => {
    expect(() => metadataFilterOf(metadata)).toThrow('metadata');
  });
});
