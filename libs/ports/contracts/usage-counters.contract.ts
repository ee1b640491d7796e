import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UsageCounters } from '../usage-counters.js';

export interface UsageCountersUnderTest {
  counters: UsageCounters;
  /** The same counters in another process. */
  countersElsewhere: UsageCounters;
  /** Sets the clock of both processes, ISO 8601. */
  setClock(now: string): void;
  newTenant(): Promise<string>;
  stop(): Promise<void>;
}

const none = { totalApiCalls: 0, monthApiCalls: 0, totalSearches: 0, monthSearches: 0 };

/** The promises of `UsageCounters`, one test each. */
export function usageCountersContract(name: string, start: () => Promise<UsageCountersUnderTest>): void {
  describe(`${name} keeps the promises of UsageCounters`, () => {
    let subject: UsageCountersUnderTest;
    beforeAll(async () => {
      subject = await start();
      subject.setClock('2026-03-15T12:00:00.000Z');
    });
    afterAll(() => subject.stop());

    it('starts from nothing, and counts calls and searches apart', async () => {
      const tenantId = await subject.newTenant();
      expect(await subject.counters.usage(tenantId)).toEqual(none);
      for (let call = 0; call < 7; call += 1) subject.counters.count(tenantId, 'api_call');
      subject.counters.count(tenantId, 'search');
      const counted = { totalApiCalls: 7, monthApiCalls: 7, totalSearches: 1, monthSearches: 1 };
      expect(await subject.counters.usage(tenantId)).toEqual(counted);
      expect(await subject.counters.usage(tenantId)).toEqual(counted);
    });

    it('tells the calendar month (UTC) from all time', async () => {
      const tenantId = await subject.newTenant();
      subject.setClock('2026-03-31T23:59:59.999Z');
      subject.counters.count(tenantId, 'api_call');
      await subject.counters.flush();
      subject.setClock('2026-04-01T00:00:00.000Z');
      subject.counters.count(tenantId, 'api_call');
      subject.counters.count(tenantId, 'api_call');
      expect(await subject.counters.usage(tenantId)).toMatchObject({ totalApiCalls: 3, monthApiCalls: 2 });
    });

    it('adds up what several processes count at the same time, and mixes no tenants', async () => {
      const [one, two] = [await subject.newTenant(), await subject.newTenant()];
      const processes = [subject.counters, subject.countersElsewhere];
      for (let round = 0; round < 20; round += 1) {
        for (const counters of processes) {
          counters.count(one, 'api_call');
          counters.count(two, 'search');
        }
        if (round % 3 === 0) await Promise.all(processes.map((counters) => counters.flush()));
      }
      await Promise.all(processes.map((counters) => counters.flush()));
      expect(await subject.counters.usage(one)).toMatchObject({ totalApiCalls: 40, totalSearches: 0 });
      expect(await subject.countersElsewhere.usage(two)).toMatchObject({ totalApiCalls: 0, totalSearches: 40 });
    });

    it('counts a call on the day on which it was made, however late it is written', async () => {
      const tenantId = await subject.newTenant();
      subject.setClock('2026-02-28T23:59:59.999Z');
      subject.counters.count(tenantId, 'api_call');
      subject.counters.count(tenantId, 'search');
      subject.setClock('2026-03-01T00:00:00.000Z');
      subject.counters.count(tenantId, 'api_call');
      expect(await subject.counters.usageByDay(tenantId, 30)).toEqual([
        { day: '2026-02-28', apiCalls: 1, searches: 1 },
        { day: '2026-03-01', apiCalls: 1, searches: 0 },
      ]);
      expect(await subject.counters.usageByDay(tenantId, 1)).toHaveLength(1);
      expect(await subject.counters.usage(tenantId)).toMatchObject({ totalApiCalls: 2, monthApiCalls: 1 });
    });

    it('forgets days that are over for long, and no month', async () => {
      const tenantId = await subject.newTenant();
      subject.setClock('2025-01-01T12:00:00.000Z');
      subject.counters.count(tenantId, 'api_call');
      await subject.counters.flush();
      subject.setClock('2026-03-01T12:00:00.000Z');
      subject.counters.count(tenantId, 'api_call');
      expect(await subject.counters.usageByDay(tenantId, 10_000)).toEqual([
        { day: '2026-03-01', apiCalls: 1, searches: 0 },
      ]);
      expect(await subject.counters.usage(tenantId)).toMatchObject({ totalApiCalls: 2, monthApiCalls: 1 });
    });

    it('brings counts to the store within a second by itself', async () => {
      const tenantId = await subject.newTenant();
      subject.counters.count(tenantId, 'search');
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await subject.countersElsewhere.usage(tenantId)).toMatchObject({ totalSearches: 1 });
    });
  });
}
