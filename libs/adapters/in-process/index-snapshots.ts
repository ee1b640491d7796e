import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { LogMark } from '#libs/ports/search-index.js';
import type { KeptDocuments } from './search-index/tenant-index.js';

/** Raised whenever files of before cannot be read any more. */
const FORMAT = 1;
const CHECKSUM_LENGTH = 8;
const NEW_LINE = 10;
const SUFFIX = '.snapshot';
const UNFINISHED = '.unfinished';

interface Head {
  format: number;
  /** What the contents were made by. */
  contents: string;
  tenantId: string;
  mark: LogMark;
}

/** What a file says, line by line: first its head, then documents, and at the end how many they are. */
type Line = Head | KeptDocuments | { end: number };

/**
 * What an index held of each tenant, in one file each, so that a process that starts need not read all texts again.
 *
 * A file is written beside its name, brought to the disk and renamed, and each of its lines stands behind its checksum:
 * whenever a process ends, what is under the name is whole, or told not to be. Names are hashes, so no id of a tenant
 * leads out of the folder.
 */
export class IndexSnapshots {
  private readonly writing = new Map<string, { isGivenUp: boolean; done: Promise<void> }>();

  /**
   * @param generation the number of the index: each has files of its own
   * @param contents names everything but the texts that decides what the index holds: files of others are of no use
   * @param note hears why a file is not used
   */
  constructor(
    private readonly folder: string,
    private readonly generation: number,
    private readonly contents: string,
    private readonly note: (sentence: string) => void,
  ) {}

  /** Removes all files of a generation. */
  static async remove(folder: string, generation: number): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    const own = names.filter((name) => name.startsWith(`${generation}-`));
    await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
  }

  /**
   * Replaces the file of a tenant; without effect where the tenant is dropped meanwhile.
   *
   * @returns whether it was written to its end
   */
  async write(tenantId: string, mark: LogMark, parts: AsyncIterable<KeptDocuments>): Promise<boolean> {
    await this.drop(tenantId, false);
    const state = { isGivenUp: false, done: Promise.resolve() };
    const work = this.writeAll(tenantId, mark, parts, state);
    state.done = work.then(
      () => undefined,
      () => undefined,
    );
    this.writing.set(tenantId, state);
    try {
      return await work;
    } finally {
      if (this.writing.get(tenantId) === state) this.writing.delete(tenantId);
    }
  }

  /**
   * The documents of a tenant's file. Only who has read to the end knows that it is whole.
   *
   * @param isOf whether the log of the tenant is the one that the file was made from
   * @returns null where there is no file of use
   */
  async read(
    tenantId: string,
    isOf: (mark: LogMark) => Promise<boolean>,
  ): Promise<{ mark: LogMark; parts: AsyncIterable<KeptDocuments> } | null> {
    // Whoever was ended while writing left it behind.
    await rm(`${this.pathOf(tenantId)}${UNFINISHED}`, { force: true });
    const lines = linesOf(this.pathOf(tenantId));
    const head = (await lines.next().catch(unlessMissing))?.value as Head | undefined;
    if (head === undefined) return null;
    const { format, contents, tenantId: owner, mark } = head;
    const isOurs = format === FORMAT && contents === this.contents && owner === tenantId;
    if (isOurs && (await isOf(mark))) return { mark, parts: partsOf(lines) };
    await lines.return(undefined);
    throw new UselessSnapshot('it was made from something else');
  }

  /** Why a file was of no use is noted, and it is removed. */
  async discard(tenantId: string, why: Error): Promise<void> {
    this.note(`What was kept of the search index is made again: ${why.message}`);
    await this.drop(tenantId);
  }

  /** When it resolves nothing is left of a tenant on the disk. */
  async drop(tenantId: string, withFile = true): Promise<void> {
    const writing = this.writing.get(tenantId);
    if (writing) {
      writing.isGivenUp = true;
      await writing.done;
    }
    if (withFile) await rm(this.pathOf(tenantId), { force: true });
  }

  /** As `drop`, of all tenants. */
  async dropAll(): Promise<void> {
    await Promise.all(Array.from(this.writing.keys(), (tenantId) => this.drop(tenantId)));
    await IndexSnapshots.remove(this.folder, this.generation);
  }

  private async writeAll(
    tenantId: string,
    mark: LogMark,
    parts: AsyncIterable<KeptDocuments>,
    state: { isGivenUp: boolean },
  ): Promise<boolean> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(tenantId);
    const unfinished = `${path}${UNFINISHED}`;
    const file = await open(unfinished, 'w', 0o600);
    try {
      await writeLine(file, { format: FORMAT, contents: this.contents, tenantId, mark });
      let documents = 0;
      for await (const part of parts) {
        if (state.isGivenUp) return false;
        documents += part.documents.length;
        await writeLine(file, part);
      }
      await writeLine(file, { end: documents });
      await file.sync();
      if (state.isGivenUp) return false;
      await rename(unfinished, path);
      await this.syncFolder();
      return true;
    } finally {
      await file.close();
      await rm(unfinished, { force: true });
    }
  }

  private async syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  private pathOf(tenantId: string): string {
    const name = createHash('sha256').update(tenantId).digest('hex');
    return join(this.folder, `${this.generation}-${name}${SUFFIX}`);
  }
}

/** A file that is torn, or not what it should be. */
export class UselessSnapshot extends Error {}

async function writeLine(file: FileHandle, line: Line): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(line));
  await file.write(Buffer.concat([Buffer.from(`${checksumOf(bytes)} `), bytes, Buffer.from([NEW_LINE])]));
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  for await (const block of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = block.indexOf(NEW_LINE); end >= 0; end = block.indexOf(NEW_LINE, from)) {
      parts.push(block.subarray(from, end));
      yield lineOf(Buffer.concat(parts));
      parts = [];
      from = end + 1;
    }
    if (from < block.length) parts.push(block.subarray(from));
  }
  if (parts.length > 0) throw new UselessSnapshot('its last line is torn');
}

function lineOf(bytes: Buffer): Line {
  const json = bytes.subarray(CHECKSUM_LENGTH + 1);
  if (bytes.toString('latin1', 0, CHECKSUM_LENGTH) !== checksumOf(json)) throw new UselessSnapshot('it is damaged');
  return JSON.parse(json.toString()) as Line;
}

async function* partsOf(lines: AsyncIterator<Line>): AsyncGenerator<KeptDocuments> {
  let documents = 0;
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const line = next.value as KeptDocuments | { end: number };
    if ('end' in line) {
      if (line.end === documents) return;
      break;
    }
    documents += line.documents.length;
    yield line;
  }
  throw new UselessSnapshot('it has no end');
}

function checksumOf(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_LENGTH, '0');
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
