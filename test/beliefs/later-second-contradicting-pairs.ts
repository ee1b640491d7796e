import type { PairRow } from './labelled-pair.js';

/** Of all slots, written after the rules and meant to be unlike them, by somebody who knew none of them. */
export const LATER_SECOND_CONTRADICTING: readonly PairRow[] = [
  [
    'I cycle to the office on a Brompton.',
    'My Brompton got stolen and I never replaced it.',
    'contradicts update vehicle hard',
  ],
  ['Oskar plays the cello.', 'Oskar gave up the cello.', 'contradicts update hobby medium'],
  ['Our design group uses Sketch.', 'Our design group switched from Sketch to Penpot.', 'contradicts update tool easy'],
  ['I have never been to Iceland.', 'I was in Iceland in February.', 'contradicts update visited_place hard'],
  [
    'The street festival takes place on 12 July.',
    'The street festival has been called off.',
    'contradicts update event medium',
  ],
  ["I'm writing my master's thesis.", "I handed in my master's thesis on Monday.", 'contradicts update goal hard'],
  [
    'Wanda is training for the Berlin marathon.',
    'Wanda dropped out of her marathon training.',
    'contradicts update goal medium',
  ],
  [
    'The dentist appointment is at 3:30.',
    'I meant the dentist appointment is at 4:30.',
    'contradicts correction time easy',
  ],
  [
    'Aunt Philippa lives in Cork.',
    'Sorry, I got that wrong: Aunt Philippa lives in Galway.',
    'contradicts correction residence easy',
  ],
  [
    'The contract lasts 24 months.',
    'Correction: the contract lasts 12 months.',
    'contradicts correction duration:contract easy',
  ],
  [
    "Joachim is the buyer's lawyer.",
    "No, Joachim isn't the lawyer, he is the notary.",
    'contradicts correction occupation hard',
  ],
  [
    'The invoice goes to the Utrecht branch.',
    'It was the Arnhem branch I meant for the invoice, not Utrecht.',
    'contradicts correction location:invoice hard',
  ],
  ['Esther reports to Callum.', 'Callum reports to Esther.', 'contradicts conflict manager hard'],
  ['Milo is older than Juno.', 'Juno is older than Milo.', 'contradicts conflict order:{juno,milo} medium'],
  [
    'The pharmacy is north of the station.',
    'The station is north of the pharmacy.',
    'contradicts conflict location hard',
  ],
  ["I can't stand karaoke.", 'I adore karaoke.', 'contradicts conflict preference easy'],
  [
    'The cabin has running water.',
    'There is no running water in the cabin.',
    'contradicts conflict feature:cabin medium',
  ],
  [
    'The user has blood type A positive.',
    "The user's blood type is O negative.",
    'contradicts conflict blood_type easy',
  ],
  ['Renske has two brothers.', 'Renske is an only child.', 'contradicts conflict sibling hard'],
  ["I can't swim.", 'I learned to swim this summer.', 'contradicts update skill medium'],
  [
    'The coffee machine on the third floor is out of order.',
    'The coffee machine on the third floor works again.',
    'contradicts update status:coffee_machine hard',
  ],
  ['Case 4410 is closed.', 'Case 4410 was reopened on Friday.', 'contradicts update status:case_4410 medium'],
  [
    'The hotel in Porto has been paid.',
    'The hotel in Porto refunded us in full.',
    'contradicts update status:payment hard',
  ],
  ["I'm a member of the rowing club.", 'I cancelled my rowing club membership.', 'contradicts update membership easy'],
  ['Ingo is an engineer at Bosch.', 'Ingo was laid off by Bosch in November.', 'contradicts update employer medium'],
  ["Samira is Tobias's wife.", 'Samira and Tobias are divorced.', 'contradicts update partner hard'],
  ['Grandpa is in hospital.', 'Grandpa came home from hospital yesterday.', 'contradicts update location:grandpa hard'],
  ['Nell rents a flat in Lyon.', 'Nell gave up her flat in Lyon.', 'contradicts update residence medium'],
  ['The parcel weighs 2 kg.', 'The parcel weighs 2.6 kilograms.', 'contradicts conflict weight:parcel medium'],
  [
    'The speed limit on our street is 50 km/h.',
    'They lowered the speed limit on our street to 30 km/h.',
    'contradicts update limit:speed easy',
  ],
  ['Stand-up starts at 9:15.', 'From now on stand-up starts at 10.', 'contradicts update schedule:stand-up easy'],
  ['I drink coffee every morning.', "I don't drink coffee any more.", 'contradicts update habit easy'],
  [
    'Always address the user as Dr. Halvorsen.',
    'Please call me Ingrid, not Dr. Halvorsen.',
    'contradicts update guideline:form_of_address hard',
  ],
  ['Reply to me in Spanish.', 'From now on, reply to me in English.', 'contradicts update guideline:language easy'],
  [
    'Deployments go out on Friday afternoons.',
    'Never deploy on a Friday.',
    'contradicts update guideline:deployment hard',
  ],
  [
    'The churn rate for the spring quarter was 4.1 percent.',
    'Spring quarter churn came in at 5.3 percent.',
    'contradicts conflict statistic:churn hard',
  ],
  [
    'Hilde has three grandchildren.',
    "Hilde's fourth grandchild was born on Sunday.",
    'contradicts,extends update quantity:grandchildren hard',
  ],
  ['My best friend is Osman.', 'My best friend is Beatriz these days.', 'contradicts update friend easy'],
  ['At work I use a standing desk.', 'I stopped using the standing desk at work.', 'contradicts update habit medium'],
  [
    'The Q3 report is with Legal for review.',
    'Legal approved the Q3 report.',
    'contradicts update status:Q3_report hard',
  ],
];
