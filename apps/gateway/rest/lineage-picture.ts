import dagre from '@dagrejs/dagre';
import type { EdgeType, LineageEdge, LineageGraph, LineageNode } from '#libs/domain/lineage/lineage.js';
import { becauseOf, labelOf, whoOf } from './lineage-sentences.js';
import { escaped, shortened } from './shown-text.js';

/** More would keep everybody waiting: 300 nodes take half a second to lay out. */
const nodesDrawn = 120;
const box = { width: 250, height: 66 };
const charactersPerLine = 36;
const characterWidth = 6;
const labelHeight = 14;
const idLength = 8;

/** Edges that lead back in time; the picture goes from top to bottom with it. */
const leadsBack: ReadonlySet<EdgeType> = new Set([
  'said_in',
  'extracted_by',
  'concluded_from',
  'supersedes',
  'contradicts',
]);

const style = `
svg { color-scheme: light dark; }
text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1b1f24; }
.paper { fill: #fff; }
.box { fill: #f6f8fa; stroke: #8c959f; }
.message .box, .statement .box, .import .box { fill: #ddf4ff; stroke: #0969da; }
.version .box { fill: #dafbe1; stroke: #1a7f37; }
.current .box { stroke-width: 3; }
.contradiction .box { fill: #ffebe9; stroke: #cf222e; }
.alternative .box { fill: #fff8c5; stroke: #9a6700; }
.edit .box { fill: #fbefff; stroke: #8250df; }
.kind { font-weight: 600; }
.small, .relation { font-size: 10px; fill: #57606a; }
.edge { fill: none; stroke: #8c959f; }
.head { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .paper { fill: #0d1117; }
  .box { fill: #161b22; stroke: #7d8590; }
  .message .box, .statement .box, .import .box { fill: #0c2d6b; stroke: #388bfd; }
  .version .box { fill: #033a16; stroke: #2ea043; }
  .contradiction .box { fill: #490202; stroke: #f85149; }
  .alternative .box { fill: #341a00; stroke: #bb8009; }
  .edit .box { fill: #271052; stroke: #8957e5; }
  .small, .relation { fill: #9198a1; }
}`;

/** Draws a lineage as SVG: without scripts or references, every text escaped, shortened with all of it as a tooltip. */
export function lineagePicture(graph: LineageGraph): string {
  const drawn = drawnPart(graph);
  const layout = laidOut(drawn);
  const { width, height } = layout.graph() as { width: number; height: number };
  const left = graph.nodes.length - drawn.nodes.length + graph.cut.versions;
  const note = left > 0 ? `${left} more are not drawn.` : '';
  const title = `Why memory ${graph.memoryId} is believed`;
  const size = { width: Math.ceil(width), height: Math.ceil(height) + (note === '' ? 0 : 20) };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${size.width}" height="${size.height}"`,
    ` viewBox="0 0 ${size.width} ${size.height}">`,
    `<title>${escaped(title)}</title><style>${style}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
    '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    '<rect class="paper" width="100%" height="100%"/>',
    ...drawn.edges.map((edge) => edgeSvg(edge, layout)),
    ...drawn.nodes.map((node) => nodeSvg(node, layout)),
    note === '' ? '' : `<text class="small" x="10" y="${size.height - 8}">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('');
}

type Drawn = Pick<LineageGraph, 'nodes' | 'edges'>;

/** Where it began and how it is now, then the newest; a step over versions that are left out is one arrow. */
function drawnPart({ nodes, edges }: LineageGraph): Drawn {
  if (nodes.length <= nodesDrawn) return { nodes, edges };
  const versions = nodes.filter((node) => node.kind === 'version');
  const first = versions[0]?.told.eventId;
  const isPinned = (node: LineageNode): boolean =>
    node.told.eventId === first || (node.kind === 'version' && node.isCurrent);
  const ranked = [...nodes].sort(
    (one, other) => Number(isPinned(other)) - Number(isPinned(one)) || other.told.position - one.told.position,
  );
  const ids = new Set(ranked.slice(0, nodesDrawn).map(({ id }) => id));
  const shown = versions.filter(({ id }) => ids.has(id));
  const steps = shown.slice(1).map((version, index): LineageEdge => {
    return { from: shown[index]!.id, to: version.id, type: 'led_to', eventId: version.told.eventId };
  });
  const others = edges.filter(
    ({ from, to, type }) => ids.has(from) && ids.has(to) && !(type === 'led_to' && from.startsWith('version:')),
  );
  return { nodes: nodes.filter(({ id }) => ids.has(id)), edges: [...others, ...steps] };
}

type Layout = ReturnType<typeof laidOut>;

function laidOut({ nodes, edges }: Drawn) {
  const layout = new dagre.graphlib.Graph({ multigraph: true });
  layout.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 20, marginx: 16, marginy: 16 });
  for (const { id } of nodes) layout.setNode(id, { ...box });
  for (const edge of edges) {
    const [start, end] = leadsBack.has(edge.type) ? [edge.to, edge.from] : [edge.from, edge.to];
    const label = { width: edge.type.length * characterWidth, height: labelHeight, labelpos: 'c' as const };
    layout.setEdge(start, end, label, edge.type);
  }
  dagre.layout(layout);
  return layout;
}

function edgeSvg({ from, to, type }: LineageEdge, layout: Layout): string {
  const isBack = leadsBack.has(type);
  const [start, end] = isBack ? [to, from] : [from, to];
  const { points, x, y } = layout.edge(start, end, type) as {
    points: { x: number; y: number }[];
    x: number;
    y: number;
  };
  const ordered = isBack ? [...points].reverse() : points;
  const path = ordered
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${rounded(point.x)} ${rounded(point.y)}`)
    .join('');
  const words = type.replaceAll('_', ' ');
  return (
    `<path class="edge" marker-end="url(#arrow)" d="${path}"/>` +
    `<text class="relation" text-anchor="middle" x="${rounded(x)}" y="${rounded(y + 3)}">${words}</text>`
  );
}

function nodeSvg(node: LineageNode, layout: Layout): string {
  const { x, y } = layout.node(node.id) as { x: number; y: number };
  const isCurrent = node.kind === 'version' && node.isCurrent;
  const place = `x="${rounded(x - box.width / 2)}" y="${rounded(y - box.height / 2)}"`;
  const { kind, text, small } = linesOf(node);
  const inner = { width: box.width - 4, height: box.height - 4 };
  // A nested picture clips what is wider than was reckoned.
  return (
    `<svg class="${node.kind}${isCurrent ? ' current' : ''}" ${place} width="${box.width}" height="${box.height}">` +
    `<g class="${node.kind}${isCurrent ? ' current' : ''}"><title>${escaped(tooltipOf(node))}</title>` +
    `<rect class="box" x="2" y="2" rx="6" width="${inner.width}" height="${inner.height}"/>` +
    `<text class="kind" x="12" y="20">${escaped(shortened(kind, charactersPerLine))}</text>` +
    `<text x="12" y="38">${escaped(shortened(text, charactersPerLine))}</text>` +
    `<text class="small" x="12" y="55">${escaped(shortened(small, charactersPerLine + 8))}</text></g></svg>`
  );
}

/** What stands in the box: what it is, what it says, and when and by whom it came to be. */
function linesOf(node: LineageNode): { kind: string; text: string; small: string } {
  const small = `${node.told.recordedAt.slice(0, 16).replace('T', ' ')} · ${whoOf(node.told, idEnd).replace(/,$/, '')}`;
  switch (node.kind) {
    case 'version': {
      const kind = `version ${node.number} · ${node.status} · ${node.confidence.toFixed(2)}`;
      return { kind, text: node.content, small };
    }
    case 'message':
      return { kind: `message · ${node.speaker ?? node.role ?? node.visibility}`, text: node.quote ?? '', small };
    case 'alternative':
      return { kind: `another belief · ${node.standing}`, text: node.content ?? node.visibility, small };
    default:
      return { kind: node.kind, text: labelOf(node), small };
  }
}

/** The end of an id: those that were made in one hour begin alike. */
function idEnd(id: string): string {
  return id.length > idLength * 2 ? `…${id.slice(-idLength)}` : id;
}

/** Everything of it, for whoever points at the box. */
function tooltipOf(node: LineageNode): string {
  switch (node.kind) {
    case 'version':
      return node.content;
    case 'message':
      return node.quote ?? labelOf(node);
    case 'alternative':
      return [node.content ?? node.visibility, becauseOf(node.because)].filter((part) => part !== '').join('\n');
    case 'contradiction':
      return [labelOf(node), ...(node.found?.evidence ?? []), node.found?.reason ?? ''].join('\n').trim();
    case 'edit':
      return node.words === null ? labelOf(node) : `${labelOf(node)}\n${node.words}`;
    default:
      return labelOf(node);
  }
}

function rounded(length: number): string {
  return String(Math.round(length * 10) / 10);
}
