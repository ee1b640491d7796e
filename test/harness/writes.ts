import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { Answer, ServerClient } from './server-client.js';
import { random } from './server-random.js';

/** A write as it was sent: sent again, it is the same write. */
export interface Write {
  method: 'POST' | 'DELETE';
  path: string;
  body?: object;
  key: string;
}

const idOf = ({ path }: Write): string => path.slice('/memories/'.length);

/** What the server acknowledged: what it must show for ever. */
export class Acknowledged {
  readonly contents = new Map<string, string | null>();
  readonly deleted = new Set<string>();
  count = 0;

  note(write: Write, answer: Answer): void {
    const { method, path, body } = write;
    if (answer.status !== 201 && answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    this.count += 1;
    if (method === 'DELETE') {
      this.deleted.add(idOf(write));
      return;
    }
    const content = (body as { content?: string }).content ?? null;
    for (const id of answer.json<CreatedAnswer>().memory_ids) this.contents.set(id, content);
  }

  /** What is wrong with the memories that the server shows. @param undecided writes whose answer never came */
  faults(memories: readonly MemoryOnTheWire[], undecided: readonly Write[] = []): string[] {
    const perhapsDeleted = new Set(undecided.filter(({ method }) => method === 'DELETE').map(idOf));
    const shown = new Map(memories.map((memory) => [memory.id, memory]));
    const faults: string[] = [];
    if (shown.size !== memories.length) faults.push(`${memories.length - shown.size} ids are listed twice`);
    for (const [id, content] of this.contents) {
      const memory = shown.get(id);
      if (this.deleted.has(id)) {
        if (memory) faults.push(`${id} was deleted and is back`);
      } else if (!memory) {
        if (!perhapsDeleted.has(id)) faults.push(`${id} is lost (${content})`);
      } else if (content !== null && memory.content !== content)
        faults.push(`${id} says ${memory.content}, not ${content}`);
    }
    const contents = memories.map(({ content }) => content);
    if (new Set(contents).size !== contents.length) faults.push('a content is there twice');
    // A retry that was carried out a second time would be a second piece of evidence, and so a second version.
    for (const { id, version } of memories) if (version !== 1) faults.push(`${id} has version ${version}`);
    return faults;
  }
}

/** Writes that a seed decides, no two of them alike. */
export class RandomWrites {
  private readonly chance: () => number;
  /** Memories that somebody began to delete: a second DELETE, being another write, would rightly find nothing. */
  private readonly chosen = new Set<string>();
  private written = 0;

  constructor(
    private readonly seed: number,
    private readonly acknowledged: Acknowledged,
  ) {
    this.chance = random(seed);
  }

  isToBeDeleted(id: string): boolean {
    return this.chosen.has(id);
  }

  next(writer: number): Write {
    this.written += 1;
    const { written } = this;
    const key = `${this.seed}-${written}`;
    const free = [...this.acknowledged.contents.keys()].filter((id) => !this.chosen.has(id));
    const dice = this.chance();
    if (dice < 0.1 && free.length > 20) {
      const id = free[Math.floor(this.chance() * free.length)]!;
      this.chosen.add(id);
      return { method: 'DELETE', path: `/memories/${id}`, key };
    }
    const body =
      dice < 0.5
        ? { messages: [{ role: 'user', content: `I love quokka${written}x${writer}.` }] }
        : { content: `statement ${written} of writer ${writer}` };
    return { method: 'POST', path: '/memories', body, key };
  }
}

export function send(client: ServerClient, { method, path, body, key }: Write): Promise<Answer> {
  return client.send(method, path, { body, headers: { 'idempotency-key': key } });
}

export async function allMemories(client: ServerClient): Promise<MemoryOnTheWire[]> {
  const memories: MemoryOnTheWire[] = [];
  for (let cursor = ''; ;) {
    const answer = await client.get(`/memories?limit=100&order=asc${cursor}`);
    if (answer.status !== 200) throw new Error(answer.text);
    const page = answer.json<{ results: MemoryOnTheWire[]; next_cursor?: string }>();
    memories.push(...page.results);
    if (page.next_cursor === undefined) return memories;
    cursor = `&cursor=${page.next_cursor}`;
  }
}
