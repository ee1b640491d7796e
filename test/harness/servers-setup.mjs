// Before a jest run: the place where its processes find the servers that they share. Nothing is started yet.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setUp() {
  process.env.TEST_SERVERS_FOLDER = mkdtempSync(join(tmpdir(), 'memorystack-servers-'));
  process.env.TEST_SERVERS_OWNER = String(process.pid);
}
