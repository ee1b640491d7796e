const ellipsis = '…';
const replacement = '\uFFFD';
/** A grapheme may be as long as somebody likes: a letter with a thousand marks. */
const graphemeLength = 16;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** What XML does not allow, what reorders the text around it, and halves of surrogate pairs. */
const unshowable =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF\p{Surrogate}]/gu;

/** Text as it can stand in a picture or in a sentence: nothing in it can end, reorder or hide what stands around it. */
export function showable(text: string): string {
  return text.replace(unshowable, replacement);
}

/** At most `length` characters as people count them, on one line, with an ellipsis where some were left out. */
export function shortened(text: string, length: number): string {
  // Far more than can be shown, so that a huge text is not walked through to its end.
  const head = text.slice(0, length * graphemeLength * 2);
  const line = showable(head).replace(/\s+/g, ' ').trim();
  const kept: string[] = [];
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length === length) return kept.slice(0, -1).join('') + ellipsis;
    kept.push(segment.length > graphemeLength ? replacement : segment);
  }
  return kept.join('') + (head.length < text.length ? ellipsis : '');
}

/** Text for XML, as content or inside quotes. */
export function escaped(text: string): string {
  return showable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
