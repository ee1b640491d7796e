import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ServiceError } from '#libs/contracts/errors.js';
import { limits } from '#libs/domain/limits.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import type { FileBody } from '#libs/service-kit/http-body.js';
import { invalid } from '#libs/service-kit/problem.js';
import { assertNotUtf16, UnreadableFile } from '#libs/transfer/file-rows.js';

/** A file that waits for its job. */
interface KeptFile {
  jobId: string;
  bytes: number;
  /** SHA-256 (hex). */
  digest: string;
}

/** Keeps files while they arrive, never more of one in memory than a part of it. */
@Injectable()
export class ImportUploads {
  constructor(private readonly files: ImportFiles) {}

  /** @param announced bytes of the whole file; 0 when nobody said @throws ServiceError payload_too_large, validation_failed */
  async keep(tenantId: string, file: FileBody, announced: number): Promise<KeptFile> {
    if (announced > limits.importFileBytes) throw tooLarge();
    assertReadable(file.start);
    const jobId = uuidv7();
    const digest = createHash('sha256');
    let [bytes, part] = [0, 0];
    try {
      for await (const chunk of inParts(piecesOf(file), limits.importPartBytes)) {
        bytes += chunk.length;
        if (bytes > limits.importFileBytes) throw tooLarge();
        digest.update(chunk);
        await this.files.write(tenantId, jobId, part++, chunk);
      }
    } catch (error) {
      await this.drop(tenantId, jobId);
      throw error;
    }
    return { jobId, bytes, digest: digest.digest('hex') };
  }

  drop(tenantId: string, jobId: string): Promise<void> {
    return this.files.remove(tenantId, jobId);
  }
}

function assertReadable(start: Buffer): void {
  try {
    assertNotUtf16(start);
  } catch (error) {
    throw error instanceof UnreadableFile ? invalid('', error.message) : error;
  }
}

async function* piecesOf({ start, rest }: FileBody): AsyncGenerator<Buffer> {
  yield start;
  // Whoever stops reading can still answer.
  if (rest !== null) yield* rest.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

/** The same bytes, in parts of one length but for the last. */
async function* inParts(pieces: AsyncIterable<Buffer>, partBytes: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (let piece of pieces) {
    for (; bytes + piece.length >= partBytes; bytes = 0) {
      const here = partBytes - bytes;
      yield Buffer.concat([...waiting, piece.subarray(0, here)]);
      waiting = [];
      piece = piece.subarray(here);
    }
    if (piece.length === 0) continue;
    waiting.push(piece);
    bytes += piece.length;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

function tooLarge(): ServiceError {
  const megabytes = limits.importFileBytes / 1_048_576;
  const detail = `The file is larger than ${megabytes} MiB: send it in several.`;
  return new ServiceError('payload_too_large', detail, { limit: limits.importFileBytes });
}
