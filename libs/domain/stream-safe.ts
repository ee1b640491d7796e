const combiningGraphemeJoiner = '\u034F';

/** Thirty combining marks that are followed by one more. */
const thirtyOfMoreMarks = /(?:(?!\u034F)\p{M}){30}(?=(?!\u034F)\p{M})/gu;

/**
 * `text` with no more than 30 combining marks in a row (Unicode Standard Annex 15, Stream-Safe Text Format). Do this
 * before normalising what a caller sent: marks are put in order by sorting, which takes quadratic time on a long run
 * (200,000 alternating marks: 20 seconds). No writing system uses so many.
 */
export function streamSafe(text: string): string {
  return text.replace(thirtyOfMoreMarks, `$&${combiningGraphemeJoiner}`);
}
