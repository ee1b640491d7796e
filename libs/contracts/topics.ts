import { limits } from '#libs/domain/limits.js';

const dayMs = 86_400_000;

export interface Topic {
  /** Without the namespace of the installation. */
  name: string;
  /** Fixed for the life of the topic: a tenant stays in the partition that its key names. */
  partitions: number;
  config: Readonly<Record<string, string>>;
}

/** A Kafka record has headers and a batch of its own around a commit. */
const largestRecordBytes = 1024 * 1024;

if (limits.commitBytes + 64 * 1024 > largestRecordBytes) throw new RangeError('a commit could outgrow a record');

/** Every topic there is. */
export const topics = {
  /** Commands on their way from the gateway to ingestion; key `tenant/stream`, sealed. */
  commands: {
    name: 'memory.commands.v1',
    partitions: 24,
    config: { 'cleanup.policy': 'delete', 'retention.ms': String(7 * dayMs) },
  },
  /** The log: one record a commit, byte for byte as the ledger holds it; key tenant, kept for ever. */
  commits: {
    name: 'memory.commits.v1',
    partitions: 24,
    config: {
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'max.message.bytes': String(4 * largestRecordBytes),
    },
  },
  /** What could not be processed: ids only, for people. */
  parked: {
    name: 'memory.parked.v1',
    partitions: 6,
    config: { 'cleanup.policy': 'delete', 'retention.ms': String(90 * dayMs) },
  },
} as const satisfies Record<string, Topic>;

if (Number(topics.commands.config['retention.ms']) >= limits.commandOutcomeDays * dayMs) {
  throw new RangeError('a command could be delivered after its outcome was forgotten');
}

/** Names of topics, groups and keys of one installation among those that share the servers. */
export function namespaced(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}.${name}`;
}
