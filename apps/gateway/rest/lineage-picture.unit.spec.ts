import { describe, expect, it } from '@jest/globals';
import { buildLineage } from '#libs/domain/lineage/build-graph.js';
import { RecordedWorld } from '#libs/domain/lineage/lineage.fixture.js';
import { lineagePicture } from './lineage-picture.js';
import { escaped, shortened, showable } from './shown-text.js';

const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');
const hostile: Record<string, string> = {
  markup: `</text></svg><script>alert(1)</script><image href="https://example.org/x" onload='alert(1)'/>&lt;&#60;`,
  'the end of a style': `</style><style>@import "https://example.org"</style>]]>`,
  'control characters': `a${controls}\u007F\u0085b`,
  'characters that reorder': 'user\u202Etxt.exe\u2066\u2067 \u200F\u061C',
  'halves of surrogate pairs': 'a\uD83Db\uDE00c\uFFFE\uFFFF',
  emoji: '👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈'.repeat(40),
  'a letter with a thousand marks': `a${'\u0301'.repeat(1000)} b`,
  'right to left': 'أنا أعيش في لشبونة وأعمل في بورتو',
  nothing: '',
  '100 KB': 'I live in <Lisbon> & love it. '.repeat(3500),
};

/** Tags, attributes and texts of a document; throws where it is not well-formed. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const token = /<(\/?)([a-zA-Z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let found = token.exec(xml); found !== null; found = token.exec(xml)) {
    end = token.lastIndex;
    const [, isEnd, name, , isEmpty, text] = found;
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a bare & in ${text.slice(0, 80)}`);
      continue;
    }
    if (isEnd !== '' && open.pop() !== name) throw new Error(`${name} ends what it did not begin`);
    if (isEnd !== '') continue;
    names.push(name!);
    if (isEmpty === '') open.push(name!);
  }
  if (end !== xml.length || open.length > 0) throw new Error(`not well-formed at ${end}: ${xml.slice(end, end + 80)}`);
  return names;
}

const allowed = ['svg', 'title', 'style', 'defs', 'marker', 'path', 'rect', 'text', 'g'];
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\p{Surrogate}]/u;

describe('the picture of a lineage', () => {
  it.each(Object.keys(hostile))('is well-formed and harmless with %s in every text', (what) => {
    const text = hostile[what]!;
    const world = new RecordedWorld();
    world.hear('m', text || ' ');
    world.messages[0]!.speaker = text;
    Object.assign(world.told[0]!.event, { actor: { key: text, agent: null, session: null } });
    world.append('user', { type: 'MemoryRevised', data: { memoryId: 'm', content: text } });
    const picture = lineagePicture(buildLineage(world.sources('m')));
    expect(elementsOf(picture).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(picture).not.toMatch(forbidden);
    expect(picture.match(/<style>/g)).toHaveLength(1);
    expect(picture).not.toMatch(/<[^>]*(?:href|onload|src)=/);
    const lines = [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, line]) => line!);
    for (const line of lines) expect(line.length).toBeLessThan(1500);
  });

  it('keeps a long text whole where it is pointed at', () => {
    const world = new RecordedWorld();
    const text = hostile['100 KB']!;
    world.hear('m', text);
    const picture = lineagePicture(buildLineage(world.sources('m')));
    expect(picture).toContain(`<title>${escaped(text)}</title>`);
  });

  it('draws what a huge lineage began with, how it is now and the newest of it, and says how much is missing', () => {
    const world = new RecordedWorld();
    world.hear('m', 'I live in Lisbon');
    for (let count = 0; count < 400; count += 1) {
      world.append('user', { type: 'MemoryRevised', data: { memoryId: 'm', content: `version ${count}` } });
    }
    const picture = lineagePicture(buildLineage(world.sources('m')));
    expect(picture.match(/class="box"/g)).toHaveLength(120);
    for (const text of ['version 1 · ', 'version 401 · ', 'I live in Lisbon', 'more are not drawn.']) {
      expect(picture).toContain(text);
    }
  });

  it('is the same for the same graph', () => {
    const world = new RecordedWorld();
    world.hear('m', 'I live in Lisbon');
    const graph = buildLineage(world.sources('m'));
    expect(lineagePicture(graph)).toBe(lineagePicture(graph));
  });
});

describe('shown text', () => {
  it('is shortened by what people count as characters', () => {
    expect(shortened('👩‍🚀👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀👩‍🚀👩‍🚀');
    expect(shortened('👩‍🚀👩‍🚀👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀👩‍🚀…');
    expect(shortened('  a\n\tb  ', 10)).toBe('a b');
    expect(shortened('', 3)).toBe('');
  });

  it('has no character that hides, ends or reorders the text around it', () => {
    expect(showable('a\u0000\u202Eb\uD800')).toBe('a\uFFFD\uFFFDb\uFFFD');
    expect(escaped(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
  });
});
