import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestedProfile } from '#test/harness/profiles.js';

const program = fileURLToPath(new URL('../../../tools/demo/main.mjs', import.meta.url));

/** `npm run demo`, played on this profile: a belief retired by hand, explained, undone, and asked of each moment. */
export function demonstration({ useServer }: TestedProfile): void {
  const server = useServer();

  it('explains a wrong retirement, undoes it, and answers as of each moment', async () => {
    const { secret } = await server.createKey();
    const env = { ...process.env, MEMORYSTACK_BASE_URL: server.url, MEMORYSTACK_API_KEY: secret };
    const played = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    played.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [status] = (await once(played, 'close')) as [number | null];
    expect(printed).toMatch(/put “Maria lives in Porto” in its place \(rule caller\)/);
    const answers = ['before', 'during', 'undone', 'after'].map(
      (when) => new RegExp(`^ +${when} +(.*)$`, 'm').exec(printed)?.[1]?.match(/Lisbon|Porto|Coimbra/)?.[0],
    );
    expect(answers).toEqual(['Lisbon', 'Porto', 'Lisbon', 'Coimbra']);
    expect(status).toBe(0);
  }, 120_000);
}
