import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { useServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';

const characters = 200_000;
/** Of one such request, and of a request beside it. Generous, because the machine of a test may be busy. */
const answerLimitMs = 10_000;
const besideLimitMs = 5_000;

const server = useServer();
let api: ServerClient;
beforeAll(() => {
  api = server.client();
});

const filled = (unit: string): string => unit.repeat(Math.ceil(characters / unit.length)).slice(0, characters);

describe(`messages of ${characters} characters that are hard to read`, () => {
  it.each([
    ['one letter', filled('a')],
    ['brackets that open', filled('(')],
    ['quotes', filled('"\'')],
    ['words that lead nowhere', filled('my ')],
    ['nothing but subjects', filled('I my we ')],
    ['and, and, and', filled('I like tea and ')],
    ['commas', filled('a, ')],
    ['dots', filled('. ')],
    ['blanks, then a word', `${filled(' ').slice(1)}x`],
    ['line ends', `${filled('\n').slice(1)}x`],
    ['one sentence without an end', filled('because the thing that I said when we ')],
    ['clauses in clauses', filled('I think that you said that ')],
    ['dates', filled('on May 5th 2023 at 3pm tomorrow ')],
    ['digits', filled('1234567890')],
    ['numbers with dots', filled('1.2.3.4.')],
    ['an address that goes on', `me@${filled('a.')}`],
    ['capital letters', filled('Aa ')],
    ['names', filled('Anna Maria ')],
    ['no spaces, no end', filled('IloveTea')],
    ['combining marks', `a${filled('\u0301')}`],
    ['joined emoji', filled('\u{1F469}\u200D')],
    ['right to left', filled('\u202Eמילה ')],
    ['hyphens', filled('well-')],
    ['negations', filled('not never no ')],
    ['true statements', filled('I live in Paris. I love tea. My dog is called Rex. ')],
  ])('%s: answered in seconds, and others are served meanwhile', async (_name, content) => {
    let slowestMs = 0;
    let served = 0;
    let isDone = false;
    const beside = (async () => {
      while (!isDone) {
        const startMs = performance.now();
        expect((await api.get('//livez')).status).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - startMs);
        served += 1;
        await sleep(5);
      }
    })();
    const startMs = performance.now();
    const answer = await api.post('/memories', {
      messages: [{ role: 'user', content }],
      project_name: 'hostile',
    });
    const answeredMs = performance.now() - startMs;
    const searched = await api.post('/memories/search', { query: content.slice(0, 9_999), include_episodes: true });
    const searchedMs = performance.now() - startMs - answeredMs;
    isDone = true;
    await beside;
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.any(String)]);
    expect([searched.status, searched.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
    expect(answeredMs).toBeLessThan(answerLimitMs);
    expect(searchedMs).toBeLessThan(answerLimitMs);
    expect(slowestMs).toBeLessThan(besideLimitMs);
    expect(served).toBeGreaterThan(0);
  });
});
