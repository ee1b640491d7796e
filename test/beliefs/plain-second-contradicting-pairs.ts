import type { PairRow } from './labelled-pair.js';

/** Of all slots in plain sentences, written after the rules, by somebody who knew none of them. */
export const PLAIN_SECOND_CONTRADICTING: readonly PairRow[] = [
  [
    'The contract with Tessel is in review.',
    'The contract with Tessel has been signed.',
    'contradicts update status:contract medium',
  ],
  ['We do two-week sprints.', 'We changed to three-week sprints.', 'contradicts update duration:sprint medium'],
  [
    'Rana thinks Notion is better than Confluence.',
    'Rana thinks Confluence is better than Notion.',
    'contradicts conflict order:{Notion,Confluence} medium',
  ],
  ['Invoice 3307 is unpaid.', 'Invoice 3307 was paid this morning.', 'contradicts update status:invoice_3307 medium'],
  [
    'The user wants to pass the PMP exam this year.',
    'The user gave up on the PMP exam.',
    'contradicts update goal hard',
  ],
  [
    'Write the status reports in English.',
    'Status reports must be in German.',
    'contradicts update guideline:status_reports hard',
  ],
  [
    'Milestone two is blocked by legal.',
    'Legal gave the green light for milestone two.',
    'contradicts update status:milestone_two hard',
  ],
  ['Priya assigned the audit to Stefan.', 'Stefan assigned the audit to Priya.', 'contradicts conflict event hard'],
  ['I study chemistry.', 'I switched my major from chemistry to economics.', 'contradicts update major easy'],
  ['My favorite band is Wolf Alice.', 'My favorite band is Khruangbin.', 'contradicts update favorite:band easy'],
  ['My rent is 450 a month.', 'My rent went up to 510 a month.', 'contradicts update price:rent easy'],
  ['The essay is due on Monday.', 'The essay is due on Thursday now.', 'contradicts update deadline:essay easy'],
  ['Callum keeps kosher.', 'Callum no longer keeps kosher.', 'contradicts update diet easy'],
  ['My username is moonrat22.', 'I changed my username to tidepool.', 'contradicts update name:username easy'],
  ['Esme enjoys jazz.', "Esme can't stand jazz.", 'contradicts conflict preference easy'],
  [
    'My flatmate is from Chile.',
    'Correction: my flatmate is from Peru.',
    'contradicts correction birthplace:flatmate easy',
  ],
  ['Zeynep is dating Milo.', 'Zeynep and Milo broke up.', 'contradicts update partner medium'],
  ['Robin uses she/her pronouns.', 'Robin uses they/them pronouns.', 'contradicts update pronouns medium'],
  ['I work part-time at a bakery.', 'I quit my bakery job.', 'contradicts update employer medium'],
  [
    'I have 12 credits this term.',
    'I dropped a class, so I have 9 credits this term.',
    'contradicts update quantity:credits medium',
  ],
  ['I ride a red Vespa.', 'I sold the Vespa to a classmate.', 'contradicts update vehicle hard'],
  ['I have no internet in my room.', 'The internet in my room works now.', 'contradicts update status:internet hard'],
  ["I'm still writing my thesis.", 'I handed in my thesis.', 'contradicts update goal hard'],
  [
    "Freya's exam is in lecture hall B.",
    "No wait, hall B was last year; Freya's exam is in hall D.",
    'contradicts correction location:exam hard',
  ],
  ['My grandson Otis is six years old.', 'My grandson Otis is now seven years old.', 'contradicts update age easy'],
  ['We subscribe to the Gazette.', 'We no longer subscribe to the Gazette.', 'contradicts update subscription easy'],
  ['Our choir meets on Wednesdays.', 'Our choir meets on Mondays now.', 'contradicts update schedule:choir easy'],
  ['My telephone number is 5550147.', 'I have a new telephone number, it is 5550182.', 'contradicts update phone easy'],
  [
    'Walter is the chairman of the garden club.',
    'Rosalind is the new chairman of the garden club.',
    'contradicts update owner:garden_club easy',
  ],
  ['My late husband was born in 1941.', 'My late husband was born in 1943.', 'contradicts conflict birth_date easy'],
  [
    'The chapel concert is at seven.',
    'Actually, the chapel concert is at eight.',
    'contradicts correction schedule:concert easy',
  ],
  [
    'My favourite author is Iris Murdoch.',
    'Nowadays my favourite author is Penelope Fitzgerald.',
    'contradicts update favorite:author easy',
  ],
  [
    'I have four grandchildren.',
    'Since Sunday I have five grandchildren.',
    'contradicts update number_of_grandchildren medium',
  ],
  [
    'Eggs at the market cost 3 pounds a dozen.',
    'Eggs at the market have gone up to 3.60 a dozen.',
    'contradicts update price:eggs medium',
  ],
  [
    'I prefer paper books to e-readers.',
    'I have come to prefer e-readers to paper books.',
    'contradicts update order:{paper_books,e-readers} medium',
  ],
  [
    'Clement is a member of the bowling club.',
    'Clement cancelled his bowling club membership.',
    'contradicts update membership medium',
  ],
  [
    'My sister Edith is a widow.',
    'My sister Edith married again in the spring.',
    'contradicts update marital_status hard',
  ],
  ['I drive to church on Sundays.', 'I gave up driving after my eye operation.', 'contradicts update habit hard'],
  [
    'Rosalind is in hospital with a broken hip.',
    'Rosalind came home from the hospital on Saturday.',
    'contradicts update location:Rosalind hard',
  ],
  ['Agnes taught Harold to play bridge.', 'Harold taught Agnes to play bridge.', 'contradicts conflict event hard'],
];
