import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandOutcomes, DeliveredOutcome } from '../command-outcomes.js';

/** Two ends of one store; an adapter for a single process gives the same object twice. */
export interface OutcomesUnderTest {
  gateway: CommandOutcomes;
  ingestion: CommandOutcomes;
}

const patience = () => AbortSignal.timeout(20_000);

const accepted = (text: string): DeliveredOutcome => ({
  kind: 'accepted',
  position: 17,
  replayed: false,
  body: { text, nested: [{ ü: null }] },
});

let made = 0;

/** The promises of `CommandOutcomes`, one test each. */
export function commandOutcomesContract(name: string, make: () => Promise<OutcomesUnderTest>): void {
  describe(`${name} keeps the promises of CommandOutcomes`, () => {
    let gateway: CommandOutcomes;
    let ingestion: CommandOutcomes;
    let id: string;
    beforeEach(async () => {
      ({ gateway, ingestion } = await make());
      made += 1;
      id = `command-${made}`;
    });

    it('tells who waits', async () => {
      const told = gateway.waitFor(id, patience());
      await ingestion.publish(id, accepted('waited for'));
      expect(await told).toEqual(accepted('waited for'));
    });

    it('tells who begins to wait after the outcome was published', async () => {
      await ingestion.publish(id, accepted('early'));
      expect(await gateway.waitFor(id, patience())).toEqual(accepted('early'));
    });

    it('tells everybody who waits for the same command, and who asks once more', async () => {
      const told = [gateway.waitFor(id, patience()), gateway.waitFor(id, patience())];
      await ingestion.publish(id, accepted('for both'));
      expect(await Promise.all(told)).toEqual([accepted('for both'), accepted('for both')]);
      expect(await gateway.waitFor(id, patience())).toEqual(accepted('for both'));
    });

    it.each<DeliveredOutcome>([
      accepted('as it was'),
      { kind: 'accepted', position: Number.MAX_SAFE_INTEGER, replayed: true, body: {} },
      { kind: 'refused', code: 'version_conflict', detail: 'changed', facts: { expected: 1, actual: 2 } },
      { kind: 'refused', code: 'not_found', detail: '' },
      { kind: 'failed', message: 'the ledger is away' },
    ])('brings an outcome as it was published: %j', async (outcome) => {
      await ingestion.publish(id, outcome);
      expect(await gateway.waitFor(id, patience())).toEqual(outcome);
    });

    it('tells five hundred who wait at once each their own', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `${id}-${index}`);
      const told = ids.map((each) => gateway.waitFor(each, patience()));
      // In another order than they are waited for.
      await Promise.all(ids.toReversed().map((each) => ingestion.publish(each, accepted(each))));
      expect(await Promise.all(told)).toEqual(ids.map((each) => accepted(each)));
    });

    it('may be told the same twice', async () => {
      const told = gateway.waitFor(id, patience());
      await Promise.all([ingestion.publish(id, accepted('twice')), ingestion.publish(id, accepted('twice'))]);
      expect(await told).toEqual(accepted('twice'));
      await ingestion.publish(id, accepted('twice'));
      expect(await gateway.waitFor(id, patience())).toEqual(accepted('twice'));
    });

    it('lets one give up with a reason of its own, at once, and the others wait on', async () => {
      const leaving = new AbortController();
      const gone = gateway.waitFor(id, leaving.signal);
      const staying = gateway.waitFor(id, patience());
      const reason = new Error('enough');
      leaving.abort(reason);
      await expect(gone).rejects.toBe(reason);
      await expect(gateway.waitFor(id, AbortSignal.abort(reason))).rejects.toBe(reason);
      await ingestion.publish(id, accepted('for who stayed'));
      expect(await staying).toEqual(accepted('for who stayed'));
    });

    it('keeps the outcome for whoever asks after everybody gave up', async () => {
      const leaving = new AbortController();
      const gone = gateway.waitFor(id, leaving.signal);
      leaving.abort(new Error('enough'));
      await expect(gone).rejects.toThrow('enough');
      await ingestion.publish(id, accepted('later'));
      expect(await gateway.waitFor(id, patience())).toEqual(accepted('later'));
    });
  });
}
