import type { RunningServer } from './server.js';

/** What a person needs after `npm start`: where it is, where the data is, the key, and one line that works. */
export function banner({ url, whereabouts, newKey }: RunningServer): string {
  const key = newKey ?? '$MEMORYSTACK_API_KEY';
  return [
    '',
    `Memorystack is ready at ${url}   (browse the API: ${url}/docs)`,
    `Data: ${whereabouts}`,
    ...(newKey === null
      ? ['API key: made at the first start; `npm run keys -- create` makes another one']
      : [`API key: ${newKey}`, 'It is shown only now. Keep it: export MEMORYSTACK_API_KEY=' + newKey]),
    '',
    'Try it:',
    `  curl -s ${url}/api/v1/memories -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
    `    -d '{"messages": [{"role": "user", "content": "I love Python and prefer dark mode"}]}'`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
