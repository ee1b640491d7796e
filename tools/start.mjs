// npm start: prepares a checkout, whatever state it is in, and becomes the server (one process, to save memory).
import { readFileSync } from 'node:fs';
import { explain, prepare } from './preparation.mjs';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(readFileSync(new URL('help.txt', import.meta.url), 'utf8').trimEnd());
} else {
  console.log(`Memorystack is starting (Node ${process.versions.node})`);
  try {
    await prepare((line) => console.log(line));
    await import('../dist/apps/standalone/main.js');
  } catch (err) {
    explain(err);
    process.exit(1);
  }
}
