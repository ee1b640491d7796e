// Topics written as plain lines, so that whoever writes them need not know what makes people of them.
import { readFileSync } from 'node:fs';

const linesOf = (file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
const sentencesOf = (line) => line.split('|').map((sentence) => sentence.trim());

/** Families of statements: "+" ways to say one thing, then "-" things of their own; a "-" without "+" before it is a
 * pair that is never one thing, its first statement told as the family's. */
export function mergeTopicsOf(file) {
  const families = [];
  let isOpen = false;
  for (const line of linesOf(file)) {
    const sentences = sentencesOf(line.slice(1));
    if (line.startsWith('+')) families.push({ same: sentences, near: [] });
    else if (isOpen) families.at(-1).near.push(...sentences);
    else families.push({ same: sentences.slice(0, 1), near: sentences.slice(1) });
    isOpen = line.startsWith('+');
  }
  return families.map(({ same, near }) => ({ fill: () => [], same: () => same, near: () => near }));
}

/** Patterns and what is none: "kind words: sentences" and "none: sentences". */
export function patternTopicsOf(file) {
  const topics = linesOf(file).map((line) => {
    const end = line.indexOf(':');
    const [kind, ...words] = line.slice(0, end).split(' ');
    return { kind, words: words.join(' '), ...tellingsOf(line.slice(end + 1)) };
  });
  const planted = topics.filter(({ kind }) => kind !== 'none');
  return {
    patternTopics: planted.map(({ kind, words, tellings, says }) => {
      const counted = kind === 'trend' ? { tellings } : {};
      return { kind, head: new RegExp(words, 'i'), says, ...counted };
    }),
    patternless: topics
      .filter(({ kind }) => kind === 'none')
      .map(({ words, tellings, says }) => ({ tellings, says, ...(words === '(one day)' ? { isOneDay: true } : {}) })),
  };
}

/** "a | b" are told in turn; the values of "a {1 2 3}" one after the other. */
function tellingsOf(text) {
  const values = /\{([^}]*)\}/.exec(text);
  const sentences = values
    ? values[1].split(' ').map((value) => text.trim().replace(values[0], value))
    : sentencesOf(text);
  return { tellings: sentences.length, says: (at) => sentences[at % sentences.length] };
}
