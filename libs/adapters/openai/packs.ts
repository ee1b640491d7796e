import type { ExtractorMessage } from '#libs/ports/extractor.js';

/** A message, or a stretch of one that is too long to be read at once. */
export interface Piece {
  messageIndex: number;
  /** Where the stretch begins in the message, in UTF-16 code units. */
  offset: number;
  text: string;
}

/** More exchanges make a model overlook some, fewer cost the fixed prompt more often. */
export const exchangesPerPack = 10;
/** About 6,000 tokens. */
export const charsPerPack = 24_000;
/** A stretch this short is not halved again: what is too long then is something else. */
const shortestHalved = 400;
/** A cut is made at most this share of a stretch before its end, so that it falls between sentences or words. */
const cutShare = 0.25;

/** The messages in packs of whole exchanges, as even as they come; each is one call. Blank messages are in none. */
export function packsOf(messages: readonly ExtractorMessage[]): Piece[][] {
  const exchanges = exchangesOf(messages);
  const packCount = Math.ceil(exchanges.length / exchangesPerPack);
  const perPack = Math.ceil(exchanges.length / Math.max(1, packCount));
  const packs: Piece[][] = [];
  for (let from = 0; from < exchanges.length; from += perPack) {
    packs.push(...byLength(exchanges.slice(from, from + perPack).flat()));
  }
  return packs;
}

/** Two packs instead of one that was too long; null when it cannot be halved any more. */
export function halves(pack: readonly Piece[]): [Piece[], Piece[]] | null {
  if (pack.length > 1) {
    const middle = Math.ceil(pack.length / 2);
    return [pack.slice(0, middle), pack.slice(middle)];
  }
  const [piece] = pack;
  if (piece === undefined || piece.text.length < 2 * shortestHalved) return null;
  const [first, second] = cut(piece, Math.ceil(piece.text.length * 0.6));
  return [[first], [second!]];
}

/** An exchange: what somebody says, and what answers it. */
function exchangesOf(messages: readonly ExtractorMessage[]): Piece[][] {
  const exchanges: Piece[][] = [];
  let previousRole = '';
  for (const [messageIndex, { role, text }] of messages.entries()) {
    if (text.trim() === '') continue;
    const open = exchanges.at(-1);
    const begins = open === undefined || (role === 'user' && (previousRole !== 'user' || open.length > 1));
    const pieces = stretchesOf({ messageIndex, offset: 0, text });
    if (begins) exchanges.push(pieces);
    else open.push(...pieces);
    previousRole = role;
  }
  return exchanges;
}

function byLength(pieces: readonly Piece[]): Piece[][] {
  const packs: Piece[][] = [];
  let chars = Infinity;
  for (const piece of pieces) {
    if (chars + piece.text.length > charsPerPack) {
      packs.push([]);
      chars = 0;
    }
    packs.at(-1)!.push(piece);
    chars += piece.text.length;
  }
  return packs;
}

function stretchesOf(piece: Piece): Piece[] {
  const stretches: Piece[] = [];
  let rest: Piece | undefined = piece;
  while (rest !== undefined) {
    const [first, second]: [Piece, Piece?] = cut(rest, charsPerPack);
    if (first.text.trim() !== '') stretches.push(first);
    rest = second;
  }
  return stretches;
}

/** The first `chars` or a little less, so that it ends between lines, sentences or words, and the rest. */
function cut(piece: Piece, chars: number): [Piece, Piece?] {
  const { messageIndex, offset, text } = piece;
  if (text.length <= chars) return [piece];
  const earliest = Math.floor(chars * (1 - cutShare));
  const ends = ['\n', '. ', ' '].map((mark) => text.lastIndexOf(mark, chars - mark.length) + mark.length);
  const between = ends.find((end) => end > earliest) ?? chars;
  // Never between the halves of a surrogate pair.
  const at = /[\ud800-\udbff]/.test(text[between - 1]!) ? between - 1 : between;
  return [
    { messageIndex, offset, text: text.slice(0, at) },
    { messageIndex, offset: offset + at, text: text.slice(at) },
  ];
}
