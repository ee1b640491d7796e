import type { TestServer } from './server.js';

/** Where a server that was started with `MEMORYSTACK_ADMIN_PORT=0` shows its metrics. */
export function adminUrlOf({ output }: TestServer): string {
  const url = /Metrics and probes are at (http\S+)/.exec(output)?.[1];
  if (url === undefined) throw new Error(`The server told no address:\n${output}`);
  return url;
}

/** Every series of an exposition in the text format, such as `name{label="value"}`, with its value. */
export function seriesIn(exposition: string): Map<string, number> {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

export async function readSeries(adminUrl: string): Promise<Map<string, number>> {
  const answer = await fetch(`${adminUrl}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  return seriesIn(await answer.text());
}
