// Runs one of the server's commands, for instance `npm run keys -- create --tenant acme`. What the preparation has to
// say goes to stderr, so that a script can use what the command prints.
import { existsSync } from 'node:fs';
import { explain, prepare, PreparationError } from './preparation.mjs';

const [name, ...rest] = process.argv.slice(2);
try {
  await prepare((line) => console.error(line));
  const program = new URL(`../dist/apps/standalone/${name}.js`, import.meta.url);
  if (!/^[a-z-]+$/.test(name ?? '') || !existsSync(program))
    throw new PreparationError(`There is no command "${name}"`);
  process.argv = [process.execPath, program.pathname, ...rest];
  await import(program.href);
} catch (err) {
  explain(err);
  process.exit(1);
}
