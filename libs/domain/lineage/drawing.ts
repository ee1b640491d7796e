import type { SourceSpan } from '../memory/memory.events.js';
import type { EdgeType, Happening, LineageEdge, LineageEvent, LineageNode, LineageSources } from './lineage.js';

/** A graph while it is put together: a node or an edge that is drawn twice is there once. */
export class LineageDrawing {
  private readonly nodes = new Map<string, LineageNode>();
  private readonly edges = new Map<string, LineageEdge>();
  private readonly events = new Map<string, LineageEvent>();

  node(node: LineageNode): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
  }

  has(id: string): boolean {
    return this.nodes.has(id);
  }

  edge(from: string, to: string, type: EdgeType, eventId: string | null): void {
    const key = JSON.stringify([from, to, type]);
    if (!this.edges.has(key)) this.edges.set(key, { from, to, type, eventId });
  }

  event(event: LineageEvent): void {
    this.events.set(event.eventId, event);
  }

  /** @returns the id of the node of a place in a message */
  message({ messages, existingMessages }: LineageSources, span: SourceSpan, cited: Happening): string {
    const id = `message:${span.messageId}:${span.start}-${span.end}`;
    const message = messages.find((one) => one.id === span.messageId);
    if (message === undefined) {
      const visibility = existingMessages.has(span.messageId) ? 'hidden' : 'erased';
      const unseen = { role: null, speaker: null, saidAt: null, quote: null };
      this.node({ kind: 'message', id, told: cited, visibility, span, ...unseen });
      return id;
    }
    const { role, speaker, saidAt, createdAt: recordedAt, createdPosition: position } = message;
    // Who sent it is told by the event of the memory where both came in one commit.
    const actor = cited.position === position ? cited.actor : null;
    const told = { eventId: null, position, recordedAt, actor, reason: 'user', decision: null };
    const quote = message.content.slice(span.start, span.end);
    this.node({ kind: 'message', id, told, visibility: 'visible', span, role, speaker, saidAt, quote });
    return id;
  }

  /** Edges to what was left out are left out too; events come in the order of the log. */
  finished(): { nodes: LineageNode[]; edges: LineageEdge[]; events: LineageEvent[] } {
    const edges = [...this.edges.values()].filter(({ from, to }) => this.has(from) && this.has(to));
    const events = [...this.events.values()].map((event) =>
      event.nodeId !== null && this.has(event.nodeId) ? event : { ...event, nodeId: null },
    );
    events.sort((one, other) => one.sequence - other.sequence);
    return { nodes: [...this.nodes.values()], edges, events };
  }
}
