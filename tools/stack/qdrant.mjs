// A stand-in for Qdrant: its engine in one process (the package qdrant-edge-py) behind a REST front of ours, which
// refuses what it does not know. See qdrant-server.py for what it cannot show.
import { resolve } from 'node:path';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PreparationError, run } from '../preparation.mjs';
import { installOnce, runStep } from './install-once.mjs';
import { HOST, ServerProcess, startOn } from './server-process.mjs';

const PACKAGE = 'qdrant-edge-py==0.9.0';
const SERVER = fileURLToPath(new URL('qdrant-server.py', import.meta.url));
const MISSING = 'python3 is not installed; the stand-in for Qdrant needs Python 3.10 or newer (or set QDRANT_URL)';
const pythonIn = (folder) =>
  join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** @returns the Python that has the engine */
export async function installQdrant(tell) {
  const { status, output } = await run('python3', ['--version']).catch(() => ({ status: 1, output: '' }));
  if (status !== 0) throw new PreparationError(MISSING);
  const name = `${PACKAGE} ${output}`
    .trim()
    .toLowerCase()
    .replace(/[^a-z\d.]+/g, '-');
  const fill = async (folder) => {
    tell('Installing the stand-in for Qdrant (once, some seconds)');
    await runStep('python3', ['-m', 'venv', folder], { tell, missing: MISSING });
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
    await runStep(pythonIn(folder), [...pip, PACKAGE], { tell, missing: MISSING });
  };
  return pythonIn(await installOnce(name, fill, tell));
}

/**
 * @param {object} options
 * @param {string} options.folder
 * @param {number[]} [options.ports] one
 */
export async function startQdrant({ ports, tell = () => undefined, onEnd, ...options }) {
  const program = await installQdrant(tell);
  const folder = resolve(options.folder);
  const make = ([port]) => {
    const url = `http://${HOST}:${port}`;
    return new ServerProcess({
      ...{ name: 'Qdrant', variable: 'QDRANT_URL', url, folder, tell, onEnd, program },
      args: ['-B', SERVER, '--folder', join(folder, 'data'), '--port', String(port)],
      readyLine: /Listening/,
      answers: () =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
    });
  };
  return startOn({ count: 1, ports }, make);
}
