import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import type { Handoff } from '#libs/ports/memory-reader.js';
import { withoutNearCopies } from './context-copies.js';
import { type ContextLine, handoffLine, hitLine } from './context-lines.js';
import { textLengthFor } from './prompt-text.js';

/** Every line has an id, which is at least so many tokens. */
const tokensOfShortestLine = 8;
/** Lines that are counted at once: more than most contexts have, so that what finds no room is mostly not counted. */
const linesPerCount = 12;
/** A text of which less than this fits is left out. */
const shortestCutLength = 60;
/** Of the room that is left, by the length of a line: tokens are not spread evenly over a text. */
const cutShare = 0.7;

/** How many tokens each text has. */
export type CountTokens = (texts: readonly string[]) => Promise<number[]>;

export interface ContextParts {
  handoffs: readonly Handoff[];
  /** Best first. */
  hits: readonly SearchAnswerHit[];
  /** Pairs of ids of memories that dispute each other. */
  disputes: readonly (readonly [string, string])[];
  /** An earlier position, or another time in the world, was asked for. */
  isPast: boolean;
}

export interface PackedContext {
  text: string;
  tokenCount: number;
  /** The hits that found a place, in the order of the text. */
  hits: SearchAnswerHit[];
  /** Handoffs and hits that found no room. */
  omitted: number;
  /** Hits that tell nothing that a better one does not tell. */
  nearCopies: number;
  /** Something was left out, or cut short, for want of room. */
  truncated: boolean;
}

type Group = 'handoffs' | 'beliefs' | 'messages';

/** What may get a line. */
interface Entry {
  group: Group;
  hit: SearchAnswerHit | null;
  /** How much of its text is shown, in UTF-16 code units. */
  length: number;
  /** @param among the hits that a dispute may name */
  write: (length: number, among: readonly SearchAnswerHit[]) => ContextLine;
}

/**
 * Packs handoffs, then hits from the best one down, into at most `maxTokens` tokens, headings and line breaks included.
 * What does not fit is left out whole, and a shorter one after it may still fit; the best hit is cut short rather than
 * left out. The text shows handoffs, then beliefs, then messages, each best first.
 */
export async function packContext(parts: ContextParts, maxTokens: number, count: CountTokens): Promise<PackedContext> {
  const { headings, entries, nearCopies } = laidOut(parts, textLengthFor(maxTokens));
  const packed = await fitting(entries, headings, maxTokens, count);
  for (;;) {
    const hits = packed.flatMap(({ hit }) => hit ?? []);
    // A dispute is named with whoever is there to be compared with.
    const written = packed.map((entry) => ({ ...entry, line: entry.write(entry.length, hits) }));
    const text = textOf(written, headings);
    const tokenCount = text === '' ? 0 : (await count([text]))[0]!;
    // Lines were counted one by one, and no encoding promises that they have as many tokens together.
    if (tokenCount > maxTokens) {
      packed.pop();
      continue;
    }
    const omitted = entries.length - packed.length;
    const truncated = omitted > 0 || written.some(({ line }) => line.isCut);
    return { text, tokenCount, hits: inGroups(packed).flatMap(({ hit }) => hit ?? []), omitted, nearCopies, truncated };
  }
}

type Headings = Readonly<Record<Group, string>>;

function laidOut({ handoffs, hits, disputes, isPast }: ContextParts, length: number) {
  const different = withoutNearCopies(hits, length);
  const ofHandoffs = handoffs.map((handoff): Entry => ({
    ...{ group: 'handoffs', hit: null, length },
    write: (most) => handoffLine(handoff, most),
  }));
  const ofHits = different.map((hit): Entry => ({
    ...{ group: hit.memory === null ? 'messages' : 'beliefs', hit, length },
    write: (most, among) => hitLine(hit, disputedWith(hit, disputes, among), most),
  }));
  const headings: Headings = {
    handoffs: 'Handed over:',
    beliefs: isPast ? 'Believed of that time:' : 'Believed now:',
    messages: 'Said:',
  };
  return { headings, entries: [...ofHandoffs, ...ofHits], nearCopies: hits.length - different.length };
}

/** Ids of what the hit disputes with, of those that are among the hits, in their order. */
function disputedWith(
  { memory }: SearchAnswerHit,
  disputes: ContextParts['disputes'],
  among: readonly SearchAnswerHit[],
): string[] {
  if (memory?.status !== 'disputed') return [];
  const sides = disputes.filter((pair) => pair.includes(memory.id)).flat();
  const others = new Set(sides.filter((id) => id !== memory.id));
  return among.flatMap(({ memory: other }) => (other !== null && others.has(other.id) ? other.id : []));
}

/** Those that fit one after the other, from the first one down. */
async function fitting(
  entries: readonly Entry[],
  headings: Headings,
  maxTokens: number,
  count: CountTokens,
): Promise<Entry[]> {
  const packed: Entry[] = [];
  const among = entries.flatMap(({ hit }) => hit ?? []);
  let room = maxTokens;
  const take = (entry: Entry, tokens: number): boolean => {
    if (tokens > room) return false;
    room -= tokens;
    packed.push(entry);
    return true;
  };
  for (let from = 0; from < entries.length && room >= tokensOfShortestLine; from += linesPerCount) {
    const batch = entries.slice(from, from + linesPerCount);
    const counted = await countLines(batch, headings, among, count);
    for (const [index, entry] of batch.entries()) {
      const { line, heading } = counted[index]!;
      const headingTokens = packed.some(({ group }) => group === entry.group) ? 0 : heading;
      if (take(entry, line + headingTokens) || entry.hit === null || packed.some(({ hit }) => hit !== null)) continue;
      const short = shortened(entry, (room - headingTokens) / line, among);
      if (short === null) continue;
      const [shortLine] = await countLines([short], headings, among, count);
      take(short, shortLine!.line + headingTokens);
    }
  }
  return packed;
}

/** The best hit, cut to a share of its line; null where too little of it would be left. */
function shortened(entry: Entry, share: number, among: readonly SearchAnswerHit[]): Entry | null {
  const line = entry.write(entry.length, among).text.length;
  const around = entry.write(0, among).text.length;
  const length = Math.floor((line * share - around) * cutShare);
  return length < shortestCutLength ? null : { ...entry, length };
}

/** Tokens of each line and of the heading of its group, with the breaks after them. */
async function countLines(
  entries: readonly Entry[],
  headings: Headings,
  among: readonly SearchAnswerHit[],
  count: CountTokens,
): Promise<{ line: number; heading: number }[]> {
  const texts = entries.map(({ write, length }) => write(length, among).text);
  const counts = await count([...texts, ...entries.map(({ group }) => headings[group])].map((text) => `${text}\n`));
  return entries.map((_, index) => ({ line: counts[index]!, heading: counts[entries.length + index]! }));
}

function inGroups<One extends Entry>(entries: readonly One[]): One[] {
  return (['handoffs', 'beliefs', 'messages'] as const).flatMap((group) =>
    entries.filter((entry) => entry.group === group),
  );
}

function textOf(entries: readonly (Entry & { line: ContextLine })[], headings: Headings): string {
  const lines: string[] = [];
  let last: Group | null = null;
  for (const { group, line } of inGroups(entries)) {
    if (group !== last) lines.push(headings[group]);
    last = group;
    lines.push(line.text);
  }
  return lines.join('\n');
}
