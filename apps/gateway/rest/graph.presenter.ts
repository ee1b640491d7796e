import type { GraphLink, GraphNode } from '#libs/contracts/rest/account-answers.js';
import type { MemoryGraph } from '#libs/ports/memory-queries.js';
import type { MemoryRow } from '#libs/ports/memory-reader.js';

const labelLength = 60;
/** Words that stand for somebody who was named elsewhere: as a node they would join what does not belong together. */
const pronouns: ReadonlySet<string> = new Set(['he', 'she', 'they', 'it']);
/** A contradiction that was settled otherwise is told by what became of its two sides. */
const stillContradicting: ReadonlySet<string | null> = new Set([null, 'kept_both']);

/** Nodes and links to draw, in the order of the memories: the same graph is always told in the same way. */
export function presentGraph(graph: MemoryGraph): { nodes: GraphNode[]; links: GraphLink[] } {
  const picture = new Picture(new Map(graph.agentNames));
  for (const memory of graph.memories) picture.addMemory(memory);
  const users = new Map(graph.memories.map(({ id, ownership }) => [id, ownership.userId]));
  for (const { memoryId, subject } of graph.subjects)
    picture.addSubject(memoryId, subject, users.get(memoryId) ?? null);
  for (const one of graph.conversations) picture.addConversation(one);
  for (const { memoryId, otherId, settlement } of graph.contradictions) {
    if (stillContradicting.has(settlement)) picture.link(memoryId, otherId, 'contradicts');
  }
  return picture.drawn();
}

class Picture {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly links = new Map<string, GraphLink>();

  constructor(private readonly agentNames: ReadonlyMap<string, string>) {}

  addMemory({ id, content, memoryType, ownership, supersededBy }: MemoryRow): void {
    const { userId, ownerAgentId, sessionId } = ownership;
    this.nodes.set(id, { id, label: shortened(content), type: 'memory', group: memoryType, content });
    this.link(id, this.node('user', userId ?? 'self', userId ?? 'self'), 'about');
    if (ownerAgentId !== null) {
      this.link(id, this.node('agent', ownerAgentId, this.agentNames.get(ownerAgentId) ?? ownerAgentId), 'written by');
    }
    if (sessionId !== null) this.link(id, this.node('session', sessionId, sessionId), 'said in');
    if (supersededBy !== null) this.link(id, supersededBy, 'superseded by');
  }

  /** Two users may speak of two people with one name, so a name is another node for each of them. */
  addSubject(memoryId: string, subject: string, userId: string | null): void {
    if (subject === 'self' || pronouns.has(subject)) return;
    this.link(memoryId, this.node('entity', JSON.stringify([userId ?? 'self', subject]), subject), 'said of');
  }

  addConversation({ memoryId, conversationId, saidAt }: MemoryGraph['conversations'][number]): void {
    const label = `Conversation of ${saidAt.slice(0, 10)}`;
    this.link(memoryId, this.node('conversation', conversationId, label), 'derived from');
  }

  link(source: string, target: string, label: GraphLink['label']): void {
    this.links.set(JSON.stringify([source, target, label]), { source, target, label });
  }

  /** A link to a memory that is not in the picture, or that the caller may not see, leads nowhere. */
  drawn(): { nodes: GraphNode[]; links: GraphLink[] } {
    const links = [...this.links.values()].filter(({ target }) => this.nodes.has(target));
    return { nodes: [...this.nodes.values()], links };
  }

  private node(type: Exclude<GraphNode['type'], 'memory'>, key: string, label: string): string {
    const id = `${type}:${key}`;
    if (!this.nodes.has(id)) this.nodes.set(id, { id, label: shortened(label), type, group: type, content: '' });
    return id;
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= labelLength ? line : `${characters.slice(0, labelLength - 1).join('')}…`;
}
