import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { useServer } from '#test/harness/server.js';

const page = readFileSync(new URL('../../docs/maintenance.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```(sh|json)\n([\s\S]*?)```/g)].map(([, kind, text]) => ({ kind, text: text! }));
const command = /^curl -s \$URL\/api\/v1(\S+) .* -d '(.*)'$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const server = useServer();

/** Whether the server said what the page says, where the page says something; ids are others, but always the same ones. */
function compare(shown: unknown, told: unknown, ids: Map<string, string>): void {
  if (typeof shown === 'string' && uuid.test(shown)) {
    if (!ids.has(shown)) ids.set(shown, String(told));
    expect(told).toBe(ids.get(shown));
  } else if (Array.isArray(shown)) {
    expect(told).toHaveLength(shown.length);
    shown.forEach((one, at) => compare(one, (told as unknown[])[at], ids));
  } else if (typeof shown === 'object' && shown !== null) {
    for (const [field, one] of Object.entries(shown)) compare(one, (told as Record<string, unknown>)[field], ids);
  } else {
    expect(told).toEqual(shown);
  }
}

it('docs/maintenance.md shows what happens: a run that is planned, applied and taken back, and the settings', async () => {
  const client = server.client();
  const ids = new Map<string, string>();
  let told: Record<string, unknown> = {};
  let runId = '';
  let compared = 0;
  for (const { kind, text } of blocks) {
    if (kind === 'json') {
      compare(JSON.parse(text), told, ids);
      compared += 1;
      continue;
    }
    for (const line of text.trim().split('\n')) {
      const [, path, body] = command.exec(line)!;
      const answer = await client.post(path!.replace('$RUN', runId), body!);
      expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([answer.status, '']);
      told = answer.json();
      runId = String(told['run_id'] ?? runId);
    }
  }
  expect(compared).toBe(4);
}, 60_000);
