import { describe, expect, it } from '@jest/globals';
import type { Claim } from '#libs/domain/belief/claim.js';
import { slotKeyOf } from '#libs/domain/belief/slot-registry.js';
import { RulesStatementReader } from './rules-statement-reader.js';

const read = (text: string): Claim[] =>
  new RulesStatementReader().read(text, { observedAt: '2026-05-16T10:00:00.000Z' }).claims;

/** One claim in a line: `kate | residence = leeds {at work}`, with `not`, the aspect and the modality where they matter. */
function written({ subject, slot, normal, polarity, aspect, modality, qualifiers }: Claim): string {
  const sign = polarity === 'negative' ? 'not ' : '';
  const state = aspect === 'current' ? '' : ` (${aspect})`;
  const mood = modality === 'asserted' || modality === 'negated' ? '' : ` [${modality}]`;
  const conditions = qualifiers.length === 0 ? '' : ` {${qualifiers.join('; ')}}`;
  return `${subject} | ${slot} = ${sign}${normal}${state}${mood}${conditions}`;
}

describe('reading statements', () => {
  it.each([
    ['The user resides in Boston.', 'self | residence = boston'],
    ['I moved from Leeds to Bristol.', 'self | residence = bristol; self | residence = not leeds (ended)'],
    ['I used to live in Cardiff.', 'self | residence = cardiff (past)'],
    ['Yara no longer lives in Beirut.', 'yara | residence = not beirut (ended)'],
    ['Kate left Shopify and works at Figma.', 'kate | employer = not shopify (ended); kate | employer = figma'],
    ['My mother is a nurse at Mercy Hospital.', 'mother | job_title = nurse; mother | employer = mercy hospital'],
    ['Anna manages Ben.', 'ben | manager = anna'],
    ["Ben's manager is Anna.", 'ben | manager = anna'],
    ["I can't stand olives.", 'self | preference = not olive'],
    ['I dislike olives.', 'self | preference = not olive'],
    ['Rita stopped smoking.', 'rita | do:smoke = not  (ended)'],
    ['My favourite colour is grey.', 'self | favorite:color = gray'],
    ['I prefer tea over coffee.', 'self | prefer = tea; self | prefer = not coffee'],
    ['Pete has two dogs.', 'pete | quantity:dog = 2 dog'],
    ['The call is at 2pm.', 'call | time = t=14:00'],
    ['The demo is on 21 May at noon.', 'demo | time = d=21 m=5 t=12:00'],
    ['The launch was moved to 17 June.', 'launch | time = m=6 d=17'],
    ['The service listens on port 8080.', 'service | port = 8080'],
    ['Ticket 311 was closed.', 'ticket 311 | status = closed'],
    ['We fixed ticket 311.', 'ticket 311 | status = resolved'],
    ['Customer cannot log in.', 'customer | ability = not log in'],
    ['On weekdays I wake up at 6.', 'self | schedule:wake up = t=6:00 {w=weekday}'],
    ['Use tabs for indentation.', 'self | tool = tab {for indentation}'],
    ["Don't deploy on Fridays.", 'self | guideline:deploy on = not w=fri'],
    ['The meeting is on Tuesday, not Monday.', 'meeting | time = w=tue; meeting | time = not w=mon'],
    ['I want to learn Greek.', 'self | goal = learn greek [wish]'],
    ['If I had a car, I would drive to work.', 'self | commute = car [hypothetical] {if i had car}'],
    ['Marco speaks Italian and French.', 'marco | language = italian; marco | language = french'],
    ['I weigh 180 lb.', 'self | measure:kg = 81.648kg'],
    ['The rent was raised to £1,350.', 'self | rent = 1350gbp'],
    ['The fee went up to £30.', 'self | price = 30gbp'],
    ['Since the merger Kate reports to Ben.', 'kate | manager = ben {since merger}'],
    ['You can reach me at kim@example.com.', 'self | email = kim@example.com'],
    ['My work address is kim@example.com.', 'self | work email = kim@example.com'],
    ['Kim goes by they/them.', 'kim | pronouns = they/them'],
    ["Kate's new number is 020 7946 0018.", 'kate | phone = 02079460018'],
    ['My doctor cut my lisinopril to 10 mg.', 'self | medication = 10mg lisinopril'],
    ['Ben is younger than Kate.', 'kate | do:be older than = ben'],
    ['Ownership of the search service was handed over to Ben.', 'search service | owner = ben'],
    ["The search service is Ben's responsibility.", 'search service | owner = ben'],
    ["Opera isn't Leo's cup of tea.", 'leo | preference = not opera'],
    ['Chess is a passion of mine.', 'self | preference = chess'],
    ['Baking is one of my hobbies.', 'self | hobby = bake'],
    ["There's no soup I like more than borscht.", 'self | favorite:soup = borscht'],
    ['The vase stands below the mirror.', 'mirror | do:be above = vase'],
    ['The shop is open from 9 am to 5 pm.', 'shop | hours = 9:00-17:00'],
    ['Shop hours: 9:00-17:00.', 'shop | hours = 9:00-17:00'],
    ['The class is taught by Ines.', 'class | teach by = ines'],
    ['Interns may use the lab.', 'intern | ability = use lab'],
    ['Interns are banned from using the lab.', 'intern | ability = not use lab'],
    ["I can't find my wallet.", 'wallet | status = lost'],
    ['I like tea more than coffee.', 'self | prefer = tea; self | prefer = not coffee'],
    ['Green is the colour I like best.', 'self | favorite:color = green'],
    ['Ida is in her early forties.', 'ida | age = 40..43year'],
    ['Ida has type A negative blood.', 'ida | blood_type = a negative'],
    ['Everyone calls me Tilly.', 'self | name = tilly'],
    ['Refer to Sam as they.', 'sam | pronouns = they/them'],
    ["Ida's mother tongue is Basque.", 'ida | native language = basque'],
    ['Ida is a native Basque speaker.', 'ida | native language = basque'],
    ['My number is (020) 7946-0018.', 'self | phone = 02079460018'],
    ["My birthday is New Year's Eve.", 'self | birth_date = m=12 d=31'],
    ['We called the picnic off.', 'picnic | status = canceled; self | membership = not picnic (ended)'],
    ['Ida has no brothers or sisters.', 'ida | sibling = not brother; ida | sibling = not sister'],
    ['Perhaps I will sell the van.', 'self | possession = not van (ended) [hypothetical]'],
    ['Nobody on the team smokes pipes.', 'nobody on team | do:smoke = not pipe'],
    ['I learned to swim.', 'self | ability = swim'],
    ['There is no need to ask before merging.', 'self | guideline:ask = not before merge'],
    ['Short answers, please.', 'answer | status = short'],
    ['Reply to me in Welsh.', 'self | guideline:reply in = welsh'],
    ['Use Welsh in replies.', 'self | guideline:reply in = welsh'],
    ['The shop does not open until 9 am.', 'shop | time:open = t=09:00'],
    ['The call was moved from Monday to Wednesday.', 'call | time = w=wed'],
    ['The fair runs from 14 to 16 October.', 'fair | time = m=10 d=14..16'],
    ['The shift starts at ten in the evening.', 'shift | time = t=22:00'],
    ['The gala takes place in Turin.', 'gala | location = turin'],
    ['The app was upgraded to 4.3.', 'application | version = 4.3'],
    ['Visitors may stay overnight.', 'visitor | ability = stay overnight'],
    ['The oak table is 90 cm wide.', 'oak table | measure:width = 0.9m'],
    ['The drill costs 900 kroner.', 'drill | price = 900nok'],
    ['The nightly build broke again.', 'f=1/night build | status = broken'],
    ['Carlos from sales owns the list.', 'list | owner = carlos from sale'],
    ['Tests showed Kate is allergic to latex.', 'kate | allergy = latex'],
    [
      "We've dropped Trello and track tasks in Linear.",
      'self | tool = not trello (ended); self | do:track = task {in linear}',
    ],
  ])('%s', (text, expected) => {
    expect(read(text).map(written).join('; ')).toBe(expected);
  });

  it('gives what ends a fact the key of that fact', () => {
    const keys = (text: string): (string | null)[] => read(text).map(slotKeyOf);
    const pairs = [
      ['I drive a Golf.', 'I sold the Golf.'],
      ['I drive a Golf.', 'I traded my Golf for a Corolla.'],
      ['Kate works at Figma.', 'Kate left Figma.'],
      ['I am married to Kim.', 'I divorced Kim.'],
      ['We use MySQL.', 'We migrated from MySQL to CockroachDB.'],
      ['Ahmed is allergic to bees.', "Ahmed isn't allergic to bees."],
      ['I have a gym membership.', 'I cancelled my gym membership.'],
      ['Rita smokes.', 'Rita stopped smoking.'],
      ['Bug 77 is open.', 'Bug 77 was closed.'],
    ];
    for (const [older, newer] of pairs) {
      const [before, after] = [keys(older!), keys(newer!)];
      expect({ older, newer, meet: before.some((key) => key !== null && after.includes(key)) }).toEqual({
        older,
        newer,
        meet: true,
      });
    }
  });

  it('claims nothing that could be owned from questions, wishes and suppositions', () => {
    for (const text of [
      'Do I have a car?',
      'I want to visit Peru.',
      'I might move to Lyon.',
      'I went to Prague in 2019.',
    ]) {
      expect({
        text,
        keys: read(text)
          .map(slotKeyOf)
          .filter((key) => key !== null),
      }).toEqual({ text, keys: [] });
    }
  });

  it('dates what it reads', () => {
    const [lived] = read('I lived in Rome from 2015 to 2018.');
    expect([lived!.validFrom?.instant.slice(0, 4), lived!.validTo?.instant.slice(0, 4)]).toEqual(['2015', '2018']);
    expect(read('I moved to Oslo last month.')[0]!.validFrom).toEqual({
      instant: '2026-04-01T00:00:00.000Z',
      precision: 'month',
    });
  });

  it('stops at its limit', () => {
    expect(read(`I live in Leeds. ${'x'.repeat(2_000)}`)).toEqual([]);
  });
});
