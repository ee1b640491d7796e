import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../tools/command.mjs', import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A command that an operator runs, and what it said. */
export interface CommandRun extends Exit {
  output: string;
}

/** Runs `npm run <name> -- <words>` in a folder and an environment. */
export async function runCommand(
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  name: string,
  words: readonly string[],
): Promise<CommandRun> {
  const child = spawn(process.execPath, [COMMAND, name, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, output };
}

/** The key that `npm run keys -- create` made. @throws Error when it made none */
export function createdKey({ code, output }: CommandRun): { keyId: string; secret: string } {
  const [keyId, secret] = ['Key id', 'Key'].map((label) => new RegExp(`^${label} +(\\S+)$`, 'm').exec(output)?.[1]);
  if (code !== 0 || !keyId || !secret) throw new Error(`No key was made:\n${output}`);
  return { keyId, secret };
}
