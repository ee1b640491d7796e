import { expect } from '@jest/globals';
import type { CreatedAnswer, MemoryOnTheWire, RelationOnTheWire } from '#libs/contracts/rest/answers.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';

export interface Detected {
  has_contradictions: boolean;
  contradictions: { id: string; type: string; suggested_strategy: string }[];
  relations: RelationOnTheWire[];
}
export interface Updated {
  memory_id: string;
  strategy_applied: string;
  superseded_ids: string[];
  confidence_before: number | null;
  confidence_after: number;
  contradiction_id: string | null;
}
export interface Undone {
  memory: MemoryOnTheWire;
  restored_ids: string[];
  retired_ids: string[];
  undone: { memory_id: string; event: string }[];
}

/** An id that names nothing. */
export const absent = '99999999-0000-4000-8000-000000000000';

/** The requests that tests of beliefs send, and what they look at. Each test is about an end user of its own. */
export function beliefCalls(client: () => ServerClient) {
  let users = 0;
  const newUser = () => `believer-${(users += 1)}`;
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  async function tell(content: string, user: string, from = client()): Promise<CreatedAnswer & { id: string }> {
    const answer = await from.post('/memories', { content, user_id: user });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    const created = answer.json<CreatedAnswer>();
    return { ...created, id: created.memory_ids[0]! };
  }

  async function detect(content: string, user: string, from = client()): Promise<Detected> {
    const answer = await from.post('/memories/detect-contradictions', { content, user_id: user });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.json<Detected>();
  }

  const update = (content: string, user: string, more: object = {}) =>
    client().post('/memories/update-belief', { content, user_id: user, ...more });
  const undo = (id: string, more: object = {}, from = client()) => from.post(`/memories/${id}/undo`, more);
  const redo = (id: string, more: object = {}, from = client()) => from.post(`/memories/${id}/redo`, more);
  const resolve = (id: string, strategy: string, from = client()) =>
    from.post(`/contradictions/${id}/resolve`, { strategy, reason: 'her passport' });
  const memoryOf = async (id: string) =>
    (await client().get(`/memories/${id}`)).json<{ memory: MemoryOnTheWire }>().memory;
  const statusesOf = async (user: string) => {
    const path = `/memories?user_id=${user}&order=asc&include_superseded=true`;
    const { results } = (await client().get(path)).json<{ results: MemoryOnTheWire[] }>();
    return Object.fromEntries(results.map(({ content, status }) => [content, status]));
  };
  const position = async () => (await tell(`Where the log ends ${Math.random()}`, newUser())).event_offset;
  const well = <Body>(answer: Answer) => {
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.json<Body>();
  };

  async function disputed(): Promise<{ user: string; older: string; newer: string; contradictionId: string }> {
    const user = newUser();
    const older = await tell('Nina was born in Ghent.', user);
    const newer = await tell('Nina was born in Bruges.', user);
    return { user, older: older.id, newer: newer.id, contradictionId: newer.contradiction_ids![0]! };
  }

  return {
    ...{ newUser, keyed, tell, detect, update, undo, redo, resolve },
    ...{ memoryOf, statusesOf, position, well, disputed },
  };
}
