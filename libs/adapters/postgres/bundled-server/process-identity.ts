import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

const isLinux = process.platform === 'linux';

/**
 * When the process with this id started, as an opaque text, or null if there is none. Process ids are used again, so
 * only id and start together name a process. A zombie counts as ended: it can do no harm, only its parent is slow.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (!isLinux) return startFromProcessTable(pid);
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (status === null) return null;
  // proc(5): "pid (name) state ...", the start is field 22; the name may itself hold spaces and brackets.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

async function startFromProcessTable(pid: number): Promise<string | null> {
  try {
    process.kill(pid, 0);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  if (process.platform === 'win32') return 'running';
  const table = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return table?.stdout.trim() || null;
}

/**
 * Names the set of processes whose ids mean something here: this boot of this machine, in this container. Two
 * containers that share a volume have different ones, and so has the same machine after a restart.
 */
export async function processSpace(): Promise<string> {
  if (!isLinux) return hostname();
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname());
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot.trim()} ${namespace}`;
}

/**
 * Ids of the processes whose working folder is this one. PostgreSQL and all its workers stand in their data folder,
 * which tells them from strangers that were given a dead server's id. Null where the system cannot tell.
 */
export async function processesIn(folder: string): Promise<number[] | null> {
  if (!isLinux) return null;
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)));
  return pids.filter((_, index) => places[index] === folder);
}
