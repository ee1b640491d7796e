const IRREGULAR: Readonly<Record<string, string>> = { be: 'is', have: 'has', do: 'does', go: 'goes' };

/** "Run" → "runs", "go to" → "goes to": the first word is the verb. */
export function thirdPerson(phrase: string): string {
  const [verb = '', ...rest] = phrase.split(' ');
  return [IRREGULAR[verb] ?? withEnding(verb), ...rest].join(' ');
}

function withEnding(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|z|sh|ch|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}
