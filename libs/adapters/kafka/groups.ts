import type { Kafka, KafkaJSDeleteGroupsError } from 'kafkajs';
import { withAdmin } from './topics.js';

/** Of the protocol of Kafka. */
const groupIdNotFound = 69;

/** Those of `groups` that a process is a member of. */
export async function busyGroups(kafka: Kafka, groups: string[]): Promise<string[]> {
  return withAdmin(kafka, async (admin) => {
    const described = await admin.describeGroups(groups);
    return described.groups.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
  });
}

/** Removes a group that nobody is a member of any more, with its offsets; nothing where it is gone already. */
export async function forgetGroup(kafka: Kafka, group: string): Promise<void> {
  await withAdmin(kafka, (admin) => admin.deleteGroups([group])).catch((error: unknown) => {
    const { groups: refused } = error as Partial<KafkaJSDeleteGroupsError>;
    if (refused?.[0]?.errorCode !== groupIdNotFound) throw error;
  });
}
