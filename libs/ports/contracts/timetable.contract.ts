import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import type { ReadModelStore } from '../read-model-store.js';
import type { Timetable } from '../timetable.js';
import { emptyChanges } from './read-model.fixture.js';

export interface TimetableUnderTest {
  timetable: Timetable;
  /** Of another process. */
  elsewhere: Timetable;
  store: ReadModelStore;
  stop(): Promise<void>;
}

/** The promises of `Timetable`, one test each. The tenants `acme` and `other` exist. */
export function timetableContract(name: string, start: () => Promise<TimetableUnderTest>): void {
  describe(`${name} keeps the promises of Timetable`, () => {
    let subject: TimetableUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    const setAt = '2026-03-01T10:00:00.000Z';
    const chosen = { ...standardSettings, consolidationEnabled: true, timezone: 'Europe/Berlin' };

    it('tells the last settings of every tenant that chose some', async () => {
      const { store, timetable } = subject;
      const set = (settings: typeof chosen | null) => ({ ...emptyChanges(), settings: [{ settings, setAt }] });
      await store.apply('acme', 0, 1, set(standardSettings));
      await store.apply('acme', 1, 2, set(chosen));
      await store.apply('other', 0, 1, set(chosen));
      await store.apply('other', 1, 2, set(null));
      expect(await timetable.entries()).toEqual([{ tenantId: 'acme', settings: chosen, setAt, begunFor: {} }]);
    });

    it('tells every process what was begun, and never goes back', async () => {
      const { timetable, elsewhere } = subject;
      await timetable.begun('acme', 'consolidate', '2026-03-03T03:00:00.000Z');
      await elsewhere.begun('acme', 'consolidate', '2026-03-02T03:00:00.000Z');
      await elsewhere.begun('acme', 'reflect', '2026-03-02T03:00:00.000Z');
      const [entry] = await elsewhere.entries();
      expect(entry!.begunFor).toEqual({
        consolidate: '2026-03-03T03:00:00.000Z',
        reflect: '2026-03-02T03:00:00.000Z',
      });
    });
  });
}
