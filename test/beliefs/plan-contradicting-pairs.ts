import type { PairRow } from './labelled-pair.js';

/** Contradictions about deadlines, schedules, owners, places and versions, by somebody who knew none of the rules. */
export const PLAN_CONTRADICTING: readonly PairRow[] = [
  [
    'The tax return is due on 31 January.',
    'The deadline for the tax return has been pushed back to 14 February.',
    'contradicts update deadline:tax_return easy',
  ],
  [
    'Lena has until Friday to hand in her thesis draft.',
    'Lena has until next Wednesday to hand in her thesis draft.',
    'contradicts update deadline:thesis_draft medium',
  ],
  [
    'Applications close at midnight on 5 March.',
    'They extended the application window to 12 March.',
    'contradicts update deadline:applications medium',
  ],
  [
    'My grant report is due on the 9th.',
    'Sorry, I meant the 19th for the grant report.',
    'contradicts correction deadline:grant_report medium',
  ],
  [
    'The Halden bid must be in by noon.',
    'Priya says the Halden bid must be in by 4pm.',
    'contradicts conflict deadline:Halden_bid easy',
  ],
  [
    'The user has to submit the visa form by 20 April.',
    'The user submitted the visa form yesterday.',
    'contradicts,extends update deadline:visa_form hard',
  ],
  [
    "There's a hard cut-off for the photo contest on Sunday.",
    'The photo contest no longer has a cut-off date.',
    'contradicts update deadline:photo_contest medium',
  ],
  [
    'The Q2 audit deadline is 30 June.',
    "The Q2 audit deadline isn't 30 June, it's 15 June.",
    'contradicts correction deadline:audit easy',
  ],
  [
    'We need to ship the Orca firmware by the end of May.',
    'The Orca firmware deadline slipped to July.',
    'contradicts update deadline:Orca_firmware medium',
  ],
  ['Our standup is at 9:15.', 'From Monday our standup is at 10:00.', 'contradicts update schedule:standup easy'],
  [
    "Greta's piano lesson is on Tuesdays.",
    "Greta's piano lesson is on Thursdays.",
    'contradicts update schedule:piano_lesson medium',
  ],
  [
    'I meet my coach every week.',
    'My coach and I only meet once a month now.',
    'contradicts update schedule:coach medium',
  ],
  [
    'The user has a dentist appointment on 4 March at 11.',
    'The dentist appointment was rescheduled to 6 March.',
    'contradicts update schedule:dentist easy',
  ],
  [
    'The train to Lyon leaves at 7:42.',
    'Correction: the Lyon train leaves at 7:24.',
    'contradicts correction schedule:train_to_Lyon easy',
  ],
  [
    'The wedding rehearsal starts at 3.',
    'The wedding rehearsal starts at 5.',
    'contradicts conflict schedule:rehearsal medium',
  ],
  ['We have a retro every other Friday.', 'The Friday retro got scrapped.', 'contradicts update schedule:retro medium'],
  [
    'Book club meets on the first Sunday of the month.',
    "Book club doesn't meet on the first Sunday of the month.",
    'contradicts correction schedule:book_club medium',
  ],
  [
    'The bakery opens at 6 in the morning.',
    "Since the renovation the bakery doesn't open until 8.",
    'contradicts update schedule:bakery medium',
  ],
  [
    'Nadia owns the billing module.',
    'Ownership of the billing module passed to Felix.',
    'contradicts update owner:billing_module medium',
  ],
  [
    "I'm in charge of the newsletter.",
    'I handed the newsletter over to Tomas.',
    'contradicts update owner:newsletter medium',
  ],
  [
    "The migration project's lead is Ingrid.",
    'Sanjay leads the migration project.',
    'contradicts update owner:migration_project medium',
  ],
  [
    'The onboarding task is assigned to Karl.',
    'The onboarding task has been reassigned to Bea.',
    'contradicts update owner:onboarding_task easy',
  ],
  [
    'The user maintains the parser.',
    "No, the user doesn't maintain the parser; Wei does.",
    'contradicts correction owner:parser easy',
  ],
  [
    'Ruth is responsible for the Nova account.',
    'According to Dev, Pablo is responsible for the Nova account.',
    'contradicts conflict owner:Nova_account medium',
  ],
  [
    'Gil looks after the office plants.',
    'Gil no longer looks after the office plants.',
    'contradicts update owner:office_plants easy',
  ],
  [
    'The search service belongs to the core team.',
    'The search service does not belong to the core team.',
    'contradicts correction owner:search_service easy',
  ],
  [
    'Mina wears the safety-officer hat.',
    'Mina passed the safety-officer torch to Joel.',
    'contradicts update owner:safety_officer hard',
  ],
  ['Theo reports to Marta.', "Theo's manager is Owen now.", 'contradicts update manager medium'],
  [
    'The summer party is at Pier 9.',
    'The summer party has been moved to the Botanical Hall.',
    'contradicts update location:summer_party easy',
  ],
  [
    'Our office is on Kemp Street.',
    "We've relocated the office to Dock Road.",
    'contradicts update location:office medium',
  ],
  [
    'The spare key is under the flowerpot.',
    'I put the spare key in the mailbox instead.',
    'contradicts update location:spare_key medium',
  ],
  [
    'The projector lives in room 204.',
    'The projector is kept in room 310.',
    'contradicts update location:projector medium',
  ],
  [
    'The Fjord conference takes place in Bergen.',
    'I got it wrong, the Fjord conference is in Stavanger.',
    'contradicts correction location:Fjord_conference medium',
  ],
  ['The fuse box is in the cellar.', 'The fuse box is in the hallway.', 'contradicts conflict location:fuse_box easy'],
  [
    'Kestrel Labs has a branch in Turin.',
    'Kestrel Labs shut its Turin branch.',
    'contradicts update location:Kestrel_Labs medium',
  ],
  [
    'The passports are in the top drawer.',
    "The passports aren't in the top drawer.",
    'contradicts correction location:passports easy',
  ],
  [
    "The user's bike is parked at the station.",
    'The user brought the bike home from the station.',
    'contradicts update location:bike hard',
  ],
  ['The app is on version 4.2.', 'The app was upgraded to 4.3.', 'contradicts update version:app easy'],
  ['We run Python 3.9 in production.', 'Production runs Python 3.12.', 'contradicts update version:Python medium'],
  [
    "Iris's laptop has Windows 10.",
    "Iris's laptop has been updated to Windows 11.",
    'contradicts update version:Windows easy',
  ],
  ['The latest release of Quill is 1.8.', 'Quill 2.0 came out today.', 'contradicts update version:Quill hard'],
  ['The client needs Node 16.', 'Actually, the client needs Node 18.', 'contradicts correction version:Node easy'],
  [
    "The router's firmware is 7.1.",
    "The router's firmware is 6.9.",
    'contradicts conflict version:router_firmware medium',
  ],
  ["We're still on Postgres 13.", "We're finally off Postgres 13.", 'contradicts update version:Postgres medium'],
  [
    'The plugin supports version 5 of the editor.',
    "The plugin doesn't support version 5 of the editor.",
    'contradicts correction version:plugin easy',
  ],
  [
    'The staging cluster is running v0.31.',
    'We rolled the staging cluster back to v0.30.',
    'contradicts update version:staging_cluster medium',
  ],
  [
    'A monthly ticket costs 49 euros.',
    'The monthly ticket went up to 58 euros.',
    'contradicts update price:monthly_ticket easy',
  ],
];
