import { describe, expect, it } from '@jest/globals';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { relate, wouldSupersede } from '#libs/domain/belief/relate.js';
import type { Relation } from '#libs/domain/belief/relation.js';

const reader = new RulesStatementReader();

function related(older: string, newer: string): Relation {
  const [a, b] = [older, newer].map((text) => reader.read(text, { observedAt: '2026-05-16T10:00:00.000Z' }));
  return relate(b!, a!, { sameSession: false });
}

describe('statements of one topic in other words', () => {
  it.each([
    ['Registration for the marathon shuts on 1 June.', 'Marathon registration has been prolonged until 15 June.'],
    ['Responsibility for onboarding lies with Marta.', "Onboarding is Viktor's job now."],
    ['Our firmware is at 3.1.4.', 'The firmware was rolled back to 3.1.2.'],
    ['Shipping is free.', "There's a 4 dollar charge for shipping."],
    ["The invoice from Bergmann hasn't been paid.", "We settled Bergmann's invoice last night."],
    ['The proposal is awaiting approval.', 'The board turned down the proposal.'],
    ['Project Falcon is on hold.', 'Work on Project Falcon has resumed.'],
    ['The position of accountant is vacant.', 'They filled the accountant position.'],
  ])('%s – %s: contradicts, and retires nothing by words alone', (older, newer) => {
    const relation = related(older, newer);
    expect(relation.relation).toBe('contradicts');
    expect(relation.ruleId === 'relation.topic' && wouldSupersede(relation)).toBe(false);
  });

  it.each([
    ['duplicate', 'You can upload files of up to 25 MB.', 'The maximum upload size is 25 MB.'],
    ['duplicate', 'Shifts start at 22:00.', 'Shifts begin at ten in the evening.'],
    ['duplicate', 'The parking permit is €240 a year.', 'The parking permit comes to 20 euros a month.'],
    ['refines', 'The choir has a budget for robes.', 'The choir has a budget of 350 euros for robes.'],
    ['refines', 'The backup is stored in Austria.', 'The backup is stored in a bunker near Graz in Austria.'],
    ['extends', 'I row on Monday mornings.', 'I row on Thursday mornings too.'],
    ['unrelated', 'The green lamp is 25 pounds.', "If the green lamp were 15 pounds I'd buy it."],
    ['unrelated', 'The kitchen budget is 5,000.', 'I wish the kitchen budget were 9,000.'],
    ['unrelated', "Jan doesn't like rowing.", 'Jane loves rowing.'],
  ])('%s: %s – %s', (expected, older, newer) => {
    expect(related(older, newer).relation).toBe(expected);
  });

  it('retires no figure of another thing, or of what was read in part', () => {
    for (const [older, newer] of [
      ['The oak table is 2 metres long.', 'The oak table is 90 cm wide.'],
      ['Early registration for the fair ends on 10 June.', 'Late registration for the fair ends on 3 July.'],
      ['Ticket 4412 is open.', 'Ticket 4421 is closed.'],
      ['Account 7741 has a limit of 1,000.', 'Account 7714 has a limit of 4,000.'],
      ['In 2022 a loaf was 1.95 at the mill.', 'In 2024 a loaf was 2.25 at the mill.'],
      ['The meeting notes 5 are in the shared folder.', 'The meeting notes 6 are in the archive.'],
    ]) {
      const relation = related(older!, newer!);
      expect({ older, retired: wouldSupersede(relation) }).toEqual({ older, retired: false });
    }
  });
});
