import type { Kafka } from 'kafkajs';
import { withAdmin } from './topics.js';

/** Those of `groups` that a process is a member of. */
export async function busyGroups(kafka: Kafka, groups: string[]): Promise<string[]> {
  return withAdmin(kafka, async (admin) => {
    const described = await admin.describeGroups(groups);
    return described.groups.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
  });
}

/** Removes a group that nobody is a member of any more, with its offsets. */
export async function forgetGroup(kafka: Kafka, group: string): Promise<void> {
  await withAdmin(kafka, (admin) => admin.deleteGroups([group]));
}
