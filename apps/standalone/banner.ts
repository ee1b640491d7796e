import { firstKeyLines } from '#libs/profiles/first-key.js';
import type { RunningServer } from './server.js';

/** What a person needs after `npm start`: where it is, where the data is, the key, and one line that works. */
export function banner({ url, grpcAddress, whereabouts, firstKey }: RunningServer): string {
  const key = firstKey.kind === 'made' ? firstKey.secret : '$MEMORYSTACK_API_KEY';
  return [
    '',
    `Memorystack is ready at ${url}   (browse the API: ${url}/docs)`,
    ...(grpcAddress === null ? [] : [`gRPC: ${grpcAddress}   (memorystack.v1, health and reflection)`]),
    `Data: ${whereabouts}`,
    ...firstKeyLines(firstKey),
    '',
    'Try it:',
    `  curl -s ${url}/api/v1/memories -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
    `    -d '{"messages": [{"role": "user", "content": "I love Python and prefer dark mode"}]}'`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
