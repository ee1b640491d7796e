// As pattern-topics.mjs, in other words and of other things, looked at only for the final figure.
const cycle =
  (...sentences) =>
  (at) =>
    sentences[at % sentences.length];

export const patternTopics = [
  {
    kind: 'habit',
    head: /jog|run/,
    says: cycle('I jogged through the forest this morning', 'Jogged before breakfast', 'I went jogging today'),
  },
  {
    kind: 'habit',
    head: /pilate/,
    says: cycle('I did pilates tonight', 'Did pilates this evening', 'I had a pilates session after work'),
  },
  {
    kind: 'habit',
    head: /piano/,
    says: cycle('I played the piano this evening', 'Played the piano after dinner', 'I played piano tonight'),
  },
  {
    kind: 'habit',
    head: /brother/,
    says: cycle('I phoned my brother today', 'I called my brother this evening', 'Called my brother after lunch'),
  },
  {
    kind: 'habit',
    head: /green tea/,
    says: cycle('I drank green tea this afternoon', 'I had green tea after lunch', 'Drank green tea today'),
  },
  {
    kind: 'habit',
    head: /nap/,
    says: cycle('I took a nap after lunch', 'Took a nap this afternoon', 'I had a nap today'),
  },
  {
    kind: 'habit',
    head: /bread/,
    says: cycle('I baked bread today', 'Baked bread this morning', 'I baked some bread'),
  },
  {
    kind: 'habit',
    head: /train|commute/,
    says: cycle('I took the train to work today', 'Took the train to work this morning', 'I went to work by train'),
  },
  {
    kind: 'habit',
    head: /migraine/,
    says: cycle('I had a migraine today', 'Had a migraine this evening', 'I had a migraine again'),
  },
  {
    kind: 'issue',
    head: /checkout/,
    says: cycle(
      'Checkout crashes on mobile',
      'The mobile checkout crashed again',
      'A customer reports that checkout on mobile crashes',
    ),
  },
  {
    kind: 'issue',
    head: /elev/,
    says: cycle('The elevator is stuck', 'Elevator broken again', 'The elevator failed this morning'),
  },
  {
    kind: 'issue',
    head: /sync/,
    says: cycle('Calendar sync is failing', 'The calendar sync failed again', 'Calendar sync does not work'),
  },
  {
    kind: 'preference_class',
    head: /italian food|pasta/,
    says: cycle('I love lasagna', 'I like pizza', 'I enjoy risotto', 'I like gnocchi'),
  },
  {
    kind: 'preference_class',
    head: /winter sport/,
    says: cycle('I like skiing', 'I love snowboarding', 'I enjoy curling'),
  },
  { kind: 'preference_class', head: /flower/, says: cycle('I love roses', 'I like tulips', 'I enjoy daisies') },
  { kind: 'trend', tellings: 6, head: /price|ticket/, says: (at) => `The ticket price is ${40 + 3 * at} euros` },
  { kind: 'trend', tellings: 6, head: /salary|income/, says: (at) => `My salary is ${3000 + 120 * at} euros` },
  { kind: 'trend', tellings: 6, head: /backlog/, says: (at) => `The backlog has ${90 - 8 * at} items` },
];

export const patternless = [
  { tellings: 2, says: cycle('I went kayaking today', 'Went kayaking this morning') },
  {
    tellings: 4,
    isOneDay: true,
    says: cycle(
      'I cleaned the kitchen',
      'Cleaned the kitchen',
      'The kitchen was cleaned by me',
      'I cleaned my kitchen',
    ),
  },
  { tellings: 4, says: cycle('I visited the dentist', 'I repaired the radio', 'I wrote a poem', 'I sold the tent') },
  { tellings: 3, says: cycle('I plan to go fishing', 'I will go fishing next week', 'I want to go fishing') },
  { tellings: 3, says: cycle('Tom went skating', 'Hana went skating', 'Ewa went skating') },
  { tellings: 6, says: (at) => `My phone battery is at ${[60, 85, 40, 90, 55, 70][at]} percent` },
  { tellings: 5, says: (at) => `The tank holds ${[50, 52, 49, 51, 50][at]} litres` },
  { tellings: 3, says: cycle('The scanner 3 failed', 'The scanner 5 failed', 'The scanner 8 failed') },
  { tellings: 3, says: cycle('The heating failed', 'The newsletter had an error', 'The garage door is broken') },
  { tellings: 3, says: cycle('I like salmon', 'I like poker', 'I like Rome') },
  {
    tellings: 4,
    says: cycle(
      'I drank wine today',
      'I did not drink wine today',
      'I drank wine tonight',
      "I didn't drink wine today",
    ),
  },
];
