// Makes the golden log of a release: commits as this release stores them, and the read model that it folds them to.
// Every later release must read the same from the same bytes, so a version is made once and never again.
// usage: npm run build && node tools/golden-log.mjs v2
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERASED_STREAM, goldenCommits } from './golden-events.mjs';

const { encodeCommit } = await import('../dist/libs/contracts/commit-codec.js');
const { schemaVersions } = await import('../dist/libs/contracts/events.js');
const { seal } = await import('../dist/libs/adapters/postgres/payload-cipher.js');
const { projectCommits } = await import('../dist/libs/projections/read-model.js');

const FOLDER = fileURLToPath(new URL('../test/golden-logs', import.meta.url));
const TENANT = 'golden';

/** A key for the tests alone: anybody can make it from the stream's name. */
const keyOf = (stream) => createHash('sha256').update(`golden key of ${stream}`).digest();
const idOf = (kind, number) => `${kind}0000000-0000-5000-8000-${String(number).padStart(12, '0')}`;

/** Numbers the events of the log as the ledger does, and seals them. */
function storedCommits() {
  const versions = new Map();
  let tenantseq = 0;
  return goldenCommits.map(({ reservations, events, reason = 'user', decision = null }, index) => {
    const position = index + 1;
    const recordedtime = new Date(Date.UTC(2026, 2, 1, 10, 0, position, position)).toISOString();
    const shared = { commitid: idOf('c', position), recordedtime };
    const stored = events.map(([subject, { type, data }]) => {
      tenantseq += 1;
      versions.set(subject, (versions.get(subject) ?? 0) + 1);
      const id = idOf('e', tenantseq);
      const headers = {
        ...{ specversion: '1.0', id, source: 'memorystack/ingestion', type, subject },
        ...{ time: '2026-03-01T09:59:00.000Z', correlationid: idOf('a', position), causationid: idOf('d', position) },
        ...{ tenantid: TENANT, schemaversion: schemaVersions[type], reason, decision },
        ...{ actor: { key: 'golden-key', agent: null, session: null }, datasubject: 'd'.repeat(64) },
        ...{ ...shared, tenantseq, streamversion: versions.get(subject) },
      };
      return { headers, payload: seal(keyOf(subject), Buffer.from(JSON.stringify(data)), id).toString('base64') };
    });
    const commit = { formatversion: 1, tenantid: TENANT, position, commandid: idOf('d', position), ...shared };
    return { ...commit, reservations, events: stored };
  });
}

/** What this release folds: the events as they were before they were sealed, those of the erased stream unreadable. */
function foldedState(commits) {
  const followed = commits.map(({ position, recordedtime: recordedTime, events }, index) => {
    const opened = events.map(({ headers }, at) => {
      const [subject, { type, data }] = goldenCommits[index].events[at];
      return { headers, event: { type, data: subject === ERASED_STREAM ? null : data } };
    });
    return { kind: 'commit', commit: { tenantId: TENANT, position, recordedTime, events: opened } };
  });
  return projectCommits(followed, new Map(), new Set());
}

function checksums() {
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS' && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name));
  const lines = files.map((file) => {
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${hash}  ${file.slice(FOLDER.length + 1).replaceAll('\\', '/')}\n`;
  });
  return lines.sort((left, right) => (left.slice(64) < right.slice(64) ? -1 : 1)).join('');
}

const version = process.argv[2];
if (!/^v[1-9]\d*$/.test(version ?? '')) throw new Error('Say which version to make, such as v2.');
const folder = join(FOLDER, version);
if (existsSync(folder)) throw new Error(`${version} was made before; what a release wrote stays as it is.`);

const commits = storedCommits();
const streams = [...new Set(commits.flatMap(({ events }) => events.map(({ headers }) => headers.subject)))];
const kept = streams.filter((stream) => stream !== ERASED_STREAM);
const keys = Object.fromEntries(kept.map((stream) => [stream, keyOf(stream).toString('hex')]));
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'commits.jsonl'),
  commits.map((commit) => `${Buffer.from(encodeCommit(commit))}\n`).join(''),
);
writeFileSync(join(folder, 'keys.json'), `${JSON.stringify(keys, null, 2)}\n`);
writeFileSync(join(folder, 'state.json'), `${JSON.stringify(foldedState(commits), null, 2)}\n`);
writeFileSync(join(FOLDER, 'SHA256SUMS'), checksums());
console.log(`Made ${folder}: ${commits.length} commits of ${streams.length} streams`);
