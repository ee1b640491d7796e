import type { PairRow } from './labelled-pair.js';

/** Of all slots in plain sentences, written after the rules, by somebody who knew none of them. */
export const PLAIN_FIRST_CONTRADICTING: readonly PairRow[] = [
  [
    'The agent on the Halden servers is at version 3.4.',
    'The agent on the Halden servers is at version 3.6 now.',
    'contradicts update version:agent easy',
  ],
  [
    'Yusuf owns the escalation queue.',
    'Marta owns the escalation queue now, not Yusuf.',
    'contradicts update owner:escalation_queue easy',
  ],
  ['Deepa works for Zendesk.', 'Deepa left Zendesk and joined Intercom.', 'contradicts update employer easy'],
  [
    'The hotline number is 0800 555 014.',
    'The hotline number changed to 0800 555 090.',
    'contradicts update phone easy',
  ],
  ['The upload limit is 25 MB.', 'The upload limit is now 100 MB.', 'contradicts update limit:upload easy'],
  ['Ticket 4820 is open.', 'Ticket 4820 is closed.', 'contradicts update status:ticket_4820 easy'],
  [
    "Brightwater's tenant is in the Frankfurt region.",
    "Actually, Brightwater's tenant is in the Dublin region.",
    'contradicts correction location:tenant easy',
  ],
  [
    'Our customers love the new chat widget.',
    'Our customers hate the new chat widget.',
    'contradicts conflict preference easy',
  ],
  [
    'The user prefers email over phone calls.',
    'The user prefers phone calls over email.',
    'contradicts update preference:contact medium',
  ],
  [
    'Return RMA-219 is awaiting pickup.',
    'Return RMA-219 was refunded yesterday.',
    'contradicts update status:return_RMA-219 medium',
  ],
  ['We use Jira for incidents.', 'We switched from Jira to Linear for incidents.', 'contradicts update tool medium'],
  [
    'The outage affected 40 customers.',
    'I meant 14 customers were affected by the outage, not 40.',
    'contradicts correction quantity:customers medium',
  ],
  [
    'The VPN is down for the Oslo office.',
    'Oslo can connect over the VPN again.',
    'contradicts update status:vpn hard',
  ],
  [
    'Always restart the print spooler before calling a technician.',
    'Never restart the print spooler yourself; call a technician first.',
    'contradicts update guideline:printer hard',
  ],
  [
    'Norvik Foods is on the premium support plan.',
    'Norvik Foods cancelled its premium support.',
    'contradicts update membership hard',
  ],
  ['Ingrid reports to Pavel.', 'Pavel reports to Ingrid.', 'contradicts conflict manager hard'],
  ['I work at Saint Brigid Hospital.', 'I now work at Eastgate Clinic.', 'contradicts update employer easy'],
  [
    'Lotte takes 50 mg of sertraline.',
    'Lotte now takes 100 mg of sertraline.',
    'contradicts update medication:sertraline easy',
  ],
  [
    "The user's shift starts at 7 am.",
    "The user's shift starts at 6:30 am from now on.",
    'contradicts update schedule:shift easy',
  ],
  ['Gwen lives in Swansea.', 'Gwen moved to Newport in April.', 'contradicts update residence easy'],
  [
    'Mr Hale is allergic to latex.',
    'Mr Hale is not allergic to latex after all.',
    'contradicts correction allergy easy',
  ],
  ['Tomas has blood type A positive.', 'Tomas has blood type O negative.', 'contradicts conflict blood_type easy'],
  ['The ward has 24 beds.', 'The ward now has 30 beds.', 'contradicts update quantity:beds easy'],
  ['My manager is Beatrix.', 'My new manager is Colm.', 'contradicts update manager easy'],
  ['Dario has pneumonia.', 'Dario has recovered from his pneumonia.', 'contradicts update condition medium'],
  ['I drink three coffees a day.', 'I gave up coffee.', 'contradicts update habit medium'],
  [
    'The crash cart is kept in room 12.',
    'They moved the crash cart to the corridor by room 20.',
    'contradicts update location:crash_cart medium',
  ],
  ['Ella was born on 9 February 1988.', 'Ella was born on 9 February 1989.', 'contradicts conflict birth_date medium'],
  [
    'Our neighbour has a parrot called Kiwi.',
    "Our neighbour's parrot Kiwi died last week.",
    'contradicts update pet hard',
  ],
  ['My mother walks with a cane.', 'My mother no longer needs her cane.', 'contradicts update condition hard'],
  ['Mrs Quinn must not eat anything.', 'Mrs Quinn is allowed to eat again.', 'contradicts update diet hard'],
  [
    "Hugo's temperature at noon was 38.9.",
    "I misread it: Hugo's temperature at noon was 37.9.",
    'contradicts correction temperature hard',
  ],
  [
    'The Kestrel deadline is 12 September.',
    'The Kestrel deadline slipped to 26 September.',
    'contradicts update deadline:Kestrel easy',
  ],
  [
    'The budget for Kestrel is 80,000 euros.',
    'The budget for Kestrel was cut to 65,000 euros.',
    'contradicts update budget:Kestrel easy',
  ],
  [
    'Hanna leads the mobile project.',
    'Joaquin took over the mobile project from Hanna.',
    'contradicts update owner:mobile_project easy',
  ],
  [
    'The weekly sync is on Tuesdays.',
    'The weekly sync is on Thursdays now.',
    'contradicts update schedule:weekly_sync easy',
  ],
  ['Oksana is a junior designer.', 'Oksana was promoted to senior designer.', 'contradicts update job_title easy'],
  [
    'My email is rana@northpole.example.',
    'My new email is rana.sadek@northpole.example.',
    'contradicts update email easy',
  ],
  [
    'The kickoff takes place in Lyon.',
    'The kickoff takes place in Nantes instead.',
    'contradicts update location:kickoff easy',
  ],
  [
    'The vendor quoted 4,200 dollars.',
    'Sorry, I meant the vendor quoted 2,400 dollars.',
    'contradicts correction price:vendor_quote easy',
  ],
];
