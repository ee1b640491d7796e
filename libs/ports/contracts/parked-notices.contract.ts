import { expect, it, describe } from '@jest/globals';
import type { ParkedNotice, ParkedNotices } from '../parked-notices.js';

export interface ParkedNoticesUnderTest {
  notices: ParkedNotices;
  /** Notices that cannot reach their server. */
  unreachable: ParkedNotices;
  /** The first `count` notices that anybody can read. */
  read(count: number): Promise<ParkedNotice[]>;
}

/** The promises of `ParkedNotices`, one test each. */
export function parkedNoticesContract(name: string, make: () => Promise<ParkedNoticesUnderTest>): void {
  describe(`${name} keeps the promises of ParkedNotices`, () => {
    const stream: ParkedNotice = {
      kind: 'stream',
      id: 'memory-1',
      tenantId: 'acme',
      position: 7,
      error: 'RowsRefused',
    };
    const command: ParkedNotice = { kind: 'command', id: 'c-1', tenantId: null, position: null, error: 'Error' };

    it('keeps a notice for whoever reads it later', async () => {
      const { notices, read } = await make();
      for (const notice of [stream, command]) await notices.tell(notice);
      const found = await read(2);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([stream, command]));
    }, 120_000);

    it('never fails', async () => {
      const { unreachable } = await make();
      await expect(unreachable.tell(stream)).resolves.toBeUndefined();
    }, 120_000);
  });
}
