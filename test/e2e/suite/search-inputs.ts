import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import { limits } from '#libs/domain/limits.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

const project = { project_name: 'strange questions' };

const texts = {
  english: 'Grace keeps the spare key under the blue flowerpot',
  quoted: 'The sign said "no entry" (closed) - 50% off: C++ && a|b*c',
  chinese: '妹妹在上海的一家医院当护士。',
  japanese: '新しいオフィスは駅の向かいにあります。',
  thai: 'ฉันขายจักรยานแล้วซื้อรถไฟฟ้า',
  arabic: 'تعمل أختي طبيبة في مستشفى القاهرة',
  korean: '동생은 부산에서 기타를 배워요',
  russian: 'Бабушка печёт пирог с вишней',
  mixed: 'Mia ordered 抹茶 latte กับ croissant at Café Zürich 🎉',
};

/** Cut to the longest question that is taken, so that a test cannot send a longer one by mistake. */
const pasted = (text: string): string =>
  text
    .repeat(Math.ceil(limits.queryLength / text.length))
    .slice(0, limits.queryLength)
    .toWellFormed();

const pages: [string, string][] = [
  ['words', pasted('Where is the spare key of the blue flowerpot? ')],
  ['thousands of different words', pasted(Array.from({ length: 2_500 }, (_, at) => `w${at}`).join(' '))],
  ['one word', pasted('a')],
  ['stop words', pasted('what is it that they were to be ')],
  ['emoji', pasted('🎉👍🏽👩‍🚀')],
  ['Chinese', pasted('妹妹在上海的哪家医院')],
  ['Japanese', pasted('新しいオフィスはどこにありますか')],
  ['Thai', pasted('ขายจักรยานแล้วซื้ออะไร')],
  ['Arabic', pasted('أين تعمل أختي في القاهرة ')],
  ['several scripts', pasted('key 医院 จักรยาน مستشفى オフィス ')],
  ['quotes and operators', pasted('"no entry" AND (NOT \'x\' OR -y) * ? ~ ^ \\ % _ : ')],
  ['dates', pasted('3.5.2023 2023-05-04 3 Sept ')],
  ['capitalised words', pasted('Grace Grayce Grase Gracce ')],
  ['one letter under nine thousand accents', `a${'\u0301'.repeat(9_000)}`],
];

const filterOfDepth = (levels: number): object =>
  levels === 1 ? { memory_type: 'fact' } : { NOT: filterOfDepth(levels - 1) };
const filterOfWidth = (width: number): object => ({ OR: Array(width).fill({ memory_type: 'fact' }) });

export function searchInputs({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  beforeAll(async () => {
    api = server.client();
    for (const content of Object.values(texts)) {
      expect((await api.post('/memories', { content, ...project })).status).toBe(201);
    }
  });

  const ask = (body: Record<string, unknown>): Promise<Answer> => api.post('/memories/search', { ...project, ...body });
  const contentsOf = (answer: Answer): string[] => {
    expect(answer.status).toBe(200);
    return answer.json<{ results: SearchResultOnTheWire[] }>().results.map(({ content }) => content);
  };

  describe('what is found', () => {
    it.each([
      ['Chinese', '我妹妹在哪里当护士？', texts.chinese],
      ['Chinese, one word', '医院', texts.chinese],
      ['Japanese', '新しいオフィスはどこにありますか？', texts.japanese],
      ['Japanese beside half-width letters', 'ｵﾌｨｽは駅の向かい', texts.japanese],
      ['Thai', 'ขายจักรยานแล้วซื้ออะไร', texts.thai],
      ['Arabic', 'أين تعمل أختي في القاهرة؟', texts.arabic],
      ['Korean', '동생은 어디에서 기타를 배우나요?', texts.korean],
      ['Russian', 'ГДЕ БАБУШКА ПЕЧЁТ ПИРОГ?', texts.russian],
      ['several scripts', 'Who ordered 抹茶 กับ croissant?', texts.mixed],
      ['words without their accents', 'cafe zurich', texts.mixed],
      ['words between emoji', '🎉 croissant 🎉🎉', texts.mixed],
      ['quotes', '"no entry"', texts.quoted],
      ['operators', '+entry -closed NOT (sign) AND "off" OR ~said* "unbalanced', texts.quoted],
      ['a question that looks like SQL', "entry'; DROP TABLE memories; --", texts.quoted],
      ['a question that looks like a field', 'content:"closed" sign:said', texts.quoted],
    ])('%s', async (_, query, expected) => {
      expect(contentsOf(await ask({ query }))[0]).toBe(expected);
      const parameters = new URLSearchParams({ ...project, query });
      expect(contentsOf(await api.get(`/memories/search?${parameters}`))[0]).toBe(expected);
    });

    it.each([
      ['stop words', 'what is it that they were to be?'],
      ['emoji', '🎉👍🏽👩‍🚀'],
      ['operators', '"" () AND OR NOT * ? -'],
      ['white space', ' \t\n\u3000'],
    ])('nothing but %s asks for the newest', async (_, query) => {
      const found = contentsOf(await ask({ query, limit: 3 }));
      expect(found).toEqual(Object.values(texts).reverse().slice(0, 3));
    });
  });

  describe(`a question of ${limits.queryLength} characters`, () => {
    it.each(pages)('of %s is answered', async (_, query) => {
      expect(query.length).toBeLessThanOrEqual(limits.queryLength);
      for (const explain of [false, true]) {
        expect(contentsOf(await ask({ query, explain, limit: 5 })).length).toBeLessThanOrEqual(5);
      }
    });

    it('finds what its words say, in every script', async () => {
      const found = Object.fromEntries(pages);
      expect(contentsOf(await ask({ query: found['words'] }))[0]).toBe(texts.english);
      expect(contentsOf(await ask({ query: found['Chinese'] }))[0]).toBe(texts.chinese);
      expect(contentsOf(await ask({ query: found['Japanese'] }))[0]).toBe(texts.japanese);
      expect(contentsOf(await ask({ query: found['Thai'] }))[0]).toBe(texts.thai);
      expect(contentsOf(await ask({ query: found['Arabic'] }))[0]).toBe(texts.arabic);
      expect(contentsOf(await ask({ query: found['quotes and operators'] }))[0]).toBe(texts.quoted);
    });

    it('of plain letters goes into a URL', async () => {
      const parameters = new URLSearchParams({ ...project, query: pasted('flowerpot-') });
      expect(contentsOf(await api.get(`/memories/search?${parameters}`))[0]).toBe(texts.english);
    });
  });

  describe('what is refused', () => {
    it.each([
      ['a question of one character more', { query: 'x'.repeat(limits.queryLength + 1) }],
      ...[0, -1, 51, 1.5, 1e9, 'ten', null].map((limit) => [`limit ${limit}`, { query: 'key', limit }] as const),
      ['filters too deep', { query: 'key', filters: filterOfDepth(limits.filterDepth + 1) }],
      ['filters too wide', { query: 'key', filters: filterOfWidth(limits.filterWidth + 1) }],
      ['a question that is no text', { query: ['key'] }],
      ['half a character', `{"query":"\\ud83c"}`],
    ])('%s', async (_, body) => {
      const answer = await api.send('POST', '/memories/search', { body });
      expect([answer.status, problemIn(answer)]).toEqual([
        400,
        expect.objectContaining({ status: 400, code: 'validation_failed', detail: expect.stringMatching(/\w/) }),
      ]);
    });

    it('and not what is just inside the limits', async () => {
      for (const filters of [filterOfDepth(limits.filterDepth), filterOfWidth(limits.filterWidth)]) {
        expect((await ask({ query: 'key', filters })).status).toBe(200);
      }
      for (const limit of [1, limits.searchResults]) {
        const found = contentsOf(await ask({ query: 'spare key', limit }));
        expect([found[0], found.length <= limit]).toEqual([texts.english, true]);
      }
    });
  });
}
