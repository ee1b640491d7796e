import fc from 'fast-check';
import type { Filter, Filterable, FilterField } from './filter.js';

/** Few values for many fields, so that random filters hit random items. */
const ids = ['a', 'b', 'c'];
const instants = [1, 2, 3].map((day) => `2026-03-0${day}T10:00:00.000Z`);
const numbers = [0, 0.25, 0.5, 1, 12];

const idOrNone = fc.constantFrom(null, ...ids);
const scalar = fc.constantFrom(...ids, ...numbers, true, false, null);
const metadataValue = fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }));

/** A caller's own object: scalars, lists, lists of lists and an object inside. */
const metadata = fc.record(
  {
    tier: metadataValue,
    tags: fc.oneof(metadataValue, fc.constant([['a'], { a: 1 }])),
    customer: fc.oneof(metadataValue, fc.record({ tier: metadataValue }, { requiredKeys: [] })),
    "it's": metadataValue,
  },
  { requiredKeys: [] },
);

export const anyFilterable: fc.Arbitrary<Filterable> = fc.record({
  kind: fc.constantFrom('memory', 'episode'),
  scope: fc.constantFrom('personal', 'team', 'project', 'session'),
  projectId: fc.constantFrom(...ids),
  teamId: idOrNone,
  agentId: idOrNone,
  ownerTeamId: idOrNone,
  ownerAgentId: idOrNone,
  userId: idOrNone,
  sessionId: idOrNone,
  memoryType: fc.constantFrom('fact', 'plan', 'episode'),
  status: fc.constantFrom('active', 'superseded'),
  confidence: fc.constantFrom(...numbers),
  saidAt: fc.constantFrom(...instants),
  validFrom: fc.constantFrom(...instants),
  validTo: fc.constantFrom(null, ...instants),
  metadata,
});

export const filterFields: readonly FilterField[] = [
  ...(['kind', 'scope', 'projectId', 'teamId', 'agentId', 'ownerTeamId', 'ownerAgentId', 'userId'] as const),
  ...(['sessionId', 'memoryType', 'status', 'confidence', 'saidAt', 'validFrom', 'validTo'] as const),
  ...(['metadata.tier', 'metadata.tags', 'metadata.customer.tier', 'metadata.customer', "metadata.it's"] as const),
  ...(['metadata.tags.length', 'metadata.tags.0', 'metadata.tags.-1'] as const),
  'metadata.missing',
];

const field = fc.constantFrom(...filterFields);
/** Mostly values that a field could have, sometimes one of another type. */
const value = fc.oneof(
  scalar,
  fc.constantFrom('personal', 'team', 'session', 'fact', 'plan', 'episode', 'memory', 'active', ...instants),
);
const isTime = (name: FilterField): boolean => ['saidAt', 'validFrom', 'validTo'].includes(name);
/** Bounds of times are times: that is what the gateway lets through. */
const range = field.chain((ranged) => {
  const bound = fc.constantFrom(...(isTime(ranged) ? [] : ['b', 'project']), ...instants, ...numbers);
  return fc.record({ field: fc.constant(ranged), atLeast: bound, atMost: bound }, { requiredKeys: ['field'] });
});

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ field, equals: value }),
  fc.record({ field, anyOf: fc.array(value, { maxLength: 4 }) }),
  range,
);

/** Filters of every form, up to a few levels deep. */
export const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ not: tie('filter') }) },
    { weight: 1, arbitrary: fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }) },
  ),
})).filter;
