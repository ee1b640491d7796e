import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { Webhooks } from '../webhooks.js';

export interface WebhooksUnderTest {
  webhooks: Webhooks;
  /** The same in another process. */
  webhooksElsewhere: Webhooks;
  /** A tenant with a log that ends at position 3, and a caller with an API key of it. */
  newCaller(): Promise<Caller>;
  revokeKey(keyId: string): Promise<void>;
  /** Everything that is stored of a tenant's webhooks, as text. */
  stored(tenantId: string): Promise<string>;
  stop(): Promise<void>;
}

const wholeCommit = 256;
const leaseMs = 60_000;

/** The promises of `Webhooks`, one test each. */
export function webhooksContract(name: string, start: () => Promise<WebhooksUnderTest>): void {
  describe(`${name} keeps the promises of Webhooks`, () => {
    let subject: WebhooksUnderTest;
    let webhooks: Webhooks;
    beforeAll(async () => {
      subject = await start();
      ({ webhooks } = subject);
    });
    afterAll(() => subject.stop());

    const create = async (position = 0) => {
      const caller = await subject.newCaller();
      const { tenantId } = caller;
      const asked = { tenantId, caller, url: 'https://receiver.example/hook', types: null, includeContent: false };
      const made = await webhooks.create({ ...asked, place: { position, index: wholeCommit } });
      return { ...made.webhook, secret: made.secret };
    };
    const takenOf = async (tenantId: string, from: Webhooks = webhooks) =>
      (await from.take(100, leaseMs)).find((one) => one.tenantId === tenantId);

    it('tells the secret once, and stores neither it nor the address readably', async () => {
      const made = await create();
      expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const [listed] = await webhooks.list(made.tenantId);
      expect({ ...listed, secret: made.secret }).toEqual(made);
      expect(await webhooks.secret(made.tenantId, made.id)).toBe(made.secret);
      const stored = await subject.stored(made.tenantId);
      for (const text of [made.secret.slice(6), 'receiver.example', made.caller.project.name]) {
        expect([text, stored.includes(text)]).toEqual([text, false]);
      }
    });

    it('lets one process at a time deliver, and the next from where it was', async () => {
      const { tenantId } = await create();
      const [one, other] = await Promise.all([takenOf(tenantId), takenOf(tenantId, subject.webhooksElsewhere)]);
      expect([one, other].filter(Boolean)).toHaveLength(1);
      const taken = (one ?? other)!;
      expect(await webhooks.advance(taken, { position: 2, index: 0 }, true, leaseMs)).toBe(true);
      await webhooks.release(taken);
      expect(await webhooks.advance(taken, { position: 3, index: 0 }, true, leaseMs)).toBe(false);
      expect((await takenOf(tenantId, subject.webhooksElsewhere))?.place).toEqual({ position: 2, index: 0 });
    });

    it('gives a webhook to another process when the time of the first is over', async () => {
      const { tenantId } = await create();
      const [slow] = (await webhooks.take(100, 1)).filter((one) => one.tenantId === tenantId);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const next = await takenOf(tenantId, subject.webhooksElsewhere);
      expect(next).toBeDefined();
      expect(await webhooks.advance(slow!, { position: 3, index: 0 }, true, leaseMs)).toBe(false);
      expect(await webhooks.fail(slow!, 'too late', null)).toBe(false);
      expect((await webhooks.list(tenantId))[0]).toMatchObject({ state: 'active', failures: 0 });
    });

    it('has nothing to deliver at the end of the log, and does in the middle of its last commit', async () => {
      const { tenantId } = await create(3);
      expect(await takenOf(tenantId)).toBeUndefined();
      const other = await create();
      const taken = (await takenOf(other.tenantId))!;
      await webhooks.advance(taken, { position: 3, index: 0 }, true, leaseMs);
      await webhooks.release(taken);
      expect(await takenOf(other.tenantId)).toBeDefined();
    });

    it('waits after a failure, and is disabled for good after the last until somebody enables it', async () => {
      const { tenantId, id } = await create();
      expect(await webhooks.fail((await takenOf(tenantId))!, 'The receiver answered 500.', 60_000)).toBe(true);
      expect(await takenOf(tenantId)).toBeUndefined();
      const failed = { state: 'active', failures: 1, lastError: 'The receiver answered 500.' };
      expect((await webhooks.list(tenantId))[0]).toMatchObject(failed);
      await webhooks.enable(tenantId, id);
      await webhooks.fail((await takenOf(tenantId))!, 'The receiver answered 410.', null);
      expect((await webhooks.list(tenantId))[0]).toMatchObject({ state: 'disabled', failures: 1 });
      expect(await takenOf(tenantId)).toBeUndefined();
      expect(await webhooks.enable(tenantId, id)).toBe(true);
      expect((await webhooks.list(tenantId))[0]).toMatchObject({ state: 'active', failures: 0, lastError: null });
      expect(await takenOf(tenantId)).toBeDefined();
    });

    it('sends back at once, and whoever delivers then moves it no more', async () => {
      const { tenantId, id } = await create();
      const taken = (await takenOf(tenantId))!;
      expect(await webhooks.sendBack(tenantId, id, { position: 1, index: wholeCommit })).toBe(true);
      expect(await webhooks.advance(taken, { position: 3, index: wholeCommit }, true, leaseMs)).toBe(false);
      expect((await takenOf(tenantId))?.place).toEqual({ position: 1, index: wholeCommit });
    });

    it('ends with its API key, and when it is removed', async () => {
      const revoked = await create();
      await subject.revokeKey(revoked.caller.keyId);
      expect(await takenOf(revoked.tenantId)).toBeUndefined();
      const removed = await create();
      const taken = (await takenOf(removed.tenantId))!;
      expect(await webhooks.remove(removed.tenantId, removed.id)).toBe(true);
      expect(await webhooks.remove(removed.tenantId, removed.id)).toBe(false);
      expect(await webhooks.advance(taken, { position: 3, index: 0 }, true, leaseMs)).toBe(false);
      expect(await webhooks.list(removed.tenantId)).toEqual([]);
    });

    it('knows nothing of another tenant', async () => {
      const mine = await create();
      const theirs = await create();
      expect(await webhooks.secret(theirs.tenantId, mine.id)).toBeNull();
      expect(await webhooks.remove(theirs.tenantId, mine.id)).toBe(false);
      expect(await webhooks.enable(theirs.tenantId, mine.id)).toBe(false);
      expect(await webhooks.sendBack(theirs.tenantId, mine.id, { position: 0, index: 0 })).toBe(false);
      expect(await webhooks.list(mine.tenantId)).toHaveLength(1);
    });
  });
}
