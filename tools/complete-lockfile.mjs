// Adds to package-lock.json the optional packages for other systems that npm left out. npm does that whenever the
// registry behind `npm install` does not serve them, and `npm ci` then refuses the whole file. Run it after changing
// dependencies; a test says so when it is needed. The added entries have no checksum: only their systems install them.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
/** `@swc/core-linux-arm-gnueabihf` -> linux, arm, gnueabihf. */
const SYSTEM =
  /-(android|darwin|freebsd|linux|openharmony|win32)-(arm64|armv7|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/;

const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8'));
const added = {};
for (const [place, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${place}/node_modules/${name}`]) continue;
    const system = SYSTEM.exec(name);
    if (!system || !/^\d+\.\d+\.\d+/.test(version))
      throw new Error(`${place} wants ${name}@${version}: add it by hand`);
    const [, os, cpu, abi = ''] = system;
    const libc = os === 'linux' && /^(gnu|musl)/.exec(abi)?.[1];
    added[`node_modules/${name}`] = {
      version,
      cpu: [cpu === 'armv7' ? 'arm' : cpu],
      ...(parent.dev && { dev: true }),
      ...(libc && { libc: [libc === 'gnu' ? 'glibc' : 'musl'] }),
      optional: true,
      os: [os],
    };
  }
}
// npm's own order, so that its next run changes nothing.
const byName = ([left], [right]) => left.localeCompare(right, 'en');
lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...added }).sort(byName));
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Added ${Object.keys(added).length} packages for other systems`);
