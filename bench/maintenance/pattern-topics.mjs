// What is told over weeks: patterns that are there, by the kind and the word that has to be found, and tellings that look
// like one and are none. `says` gives a sentence for the n-th telling; all tellings of a topic make its pattern.
const cycle =
  (...sentences) =>
  (at) =>
    sentences[at % sentences.length];
/** A number that goes up (or down) by `step`, with a wobble that does not turn it around. */
const along = (start, step) => (at) => Number((start + step * at + [0, 0.3, -0.2, 0.1][at % 4] * step).toFixed(1));

export const patternTopics = [
  {
    kind: 'habit',
    head: /run/,
    says: cycle('I went running this morning', 'I ran 5 km before work', 'Went for a run this morning'),
  },
  {
    kind: 'habit',
    head: /yoga/,
    says: cycle('I did yoga this evening', 'I did some yoga tonight', 'Did yoga after work'),
  },
  {
    kind: 'habit',
    head: /gym/,
    says: cycle('I went to the gym this morning', 'Went to the gym today', 'I was up early and went to the gym'),
  },
  {
    kind: 'habit',
    head: /mother/,
    says: cycle('I called my mother this evening', 'Called my mother today', 'I called my mother after dinner'),
  },
  {
    kind: 'habit',
    head: /oatmeal/,
    says: cycle('I had oatmeal this morning', 'I ate oatmeal for breakfast', 'Ate oatmeal again this morning'),
  },
  {
    kind: 'habit',
    head: /swim/,
    says: cycle('I swam 20 laps today', 'I went swimming after work', 'Went swimming today'),
  },
  {
    kind: 'habit',
    head: /plant/,
    says: cycle('I watered the plants today', 'Watered the plants this morning', 'I watered my plants'),
  },
  {
    kind: 'habit',
    head: /chess/,
    says: cycle('I played chess with Omar this evening', 'Played chess tonight', 'I played chess online today'),
  },
  {
    kind: 'habit',
    head: /guitar/,
    says: cycle('I practised guitar tonight', 'Practised guitar for an hour', 'I practised the guitar today'),
  },
  {
    kind: 'habit',
    head: /bicycle|commute/,
    says: cycle('I cycled to work today', 'Cycled to work this morning', 'I biked to work today'),
  },
  {
    kind: 'habit',
    head: /breakfast/,
    says: cycle('I skipped breakfast today', "I didn't eat breakfast today", 'Skipped breakfast again'),
  },
  {
    kind: 'habit',
    head: /tired/,
    says: cycle('I was tired this afternoon', 'I am tired again', 'I was so tired in the afternoon'),
  },
  {
    kind: 'habit',
    head: /headache/,
    says: cycle('I had a headache today', 'Had a headache this afternoon', 'I had a headache after lunch'),
  },
  {
    kind: 'habit',
    head: /journal/,
    says: cycle(
      'I wrote in my journal this evening',
      'Wrote in my journal tonight',
      'I wrote in my journal before bed',
    ),
  },
  {
    kind: 'habit',
    head: /dog/,
    says: cycle('I walked the dog after dinner', 'Walked the dog this evening', 'I walked the dog today'),
  },
  {
    kind: 'habit',
    head: /racket sport/,
    says: cycle('I played tennis today', 'I played badminton with Lena', 'I played squash after work'),
  },
  {
    kind: 'issue',
    head: /export/,
    says: cycle(
      'The export fails with a timeout',
      'A customer says the export failed with a timeout',
      'Export is failing with a timeout again',
    ),
  },
  {
    kind: 'issue',
    head: /login/,
    says: cycle(
      'Login is broken on Safari',
      'The login on Safari is broken again',
      'Customer reports that login on Safari fails',
    ),
  },
  {
    kind: 'issue',
    head: /printer/,
    says: cycle('The office printer is jammed', 'Office printer jammed again', 'The printer in the office got stuck'),
  },
  {
    kind: 'issue',
    head: /invoic/,
    says: cycle(
      'Invoice download is not working',
      'The invoice download does not work',
      "A client can't get the invoice download to work, it fails",
    ),
  },
  {
    kind: 'issue',
    head: /vpn/,
    says: cycle(
      'The VPN connection crashed',
      'VPN connection is down, it failed again',
      'The VPN connection fails at home',
    ),
  },
  {
    kind: 'preference_class',
    head: /japanese food/,
    says: cycle('I love sushi', 'I like ramen', 'I enjoy tempura', 'I really like udon'),
  },
  {
    kind: 'preference_class',
    head: /racket sport/,
    says: cycle('I like tennis', 'I love badminton', 'I enjoy squash'),
  },
  {
    kind: 'preference_class',
    head: /music/,
    says: cycle('I love jazz', 'I like blues', 'I enjoy soul', 'I really like funk'),
  },
  { kind: 'preference_class', head: /fruit/, says: cycle('I like mango', 'I love papaya', 'I enjoy kiwi') },
  {
    kind: 'preference_class',
    head: /board game/,
    says: cycle('I love chess', 'I like scrabble', 'I enjoy backgammon'),
  },
  { kind: 'trend', head: /kg/, tellings: 6, says: (at) => `I weigh ${along(84, -0.5)(at)} kg` },
  {
    kind: 'trend',
    head: /latency/,
    tellings: 6,
    says: (at) => `The search latency is ${Math.round(along(210, 14)(at))} ms`,
  },
  { kind: 'trend', head: /rent/, tellings: 5, says: (at) => `My rent is ${Math.round(along(800, 25)(at))} euros` },
  {
    kind: 'trend',
    head: /heart/,
    tellings: 7,
    says: (at) => `My resting heart rate is ${Math.round(along(72, -2)(at))} bpm`,
  },
  {
    kind: 'trend',
    head: /queue/,
    tellings: 6,
    says: (at) => `Our support queue has ${Math.round(along(40, 9)(at))} tickets`,
  },
];

/** No patterns: too few days, all on one day, another thing each time, both ways, or amounts without a direction. */
export const patternless = [
  { tellings: 2, says: cycle('I went sailing today', 'Went sailing this afternoon') },
  {
    tellings: 4,
    isOneDay: true,
    says: cycle('I baked bread', 'I baked another bread', 'Baked bread again', 'The bread that I baked is done'),
  },
  { tellings: 4, says: cycle('I met Anna for lunch', 'I wrote to the bank', 'I fixed the fence', 'I bought a lamp') },
  {
    tellings: 4,
    says: cycle(
      'I want to go surfing',
      'I would love to go surfing',
      'I hope to go surfing one day',
      'Maybe I will go surfing',
    ),
  },
  { tellings: 3, says: cycle('Anna went climbing', 'Ben went climbing', 'Clara went climbing') },
  {
    tellings: 4,
    says: cycle('I ate meat today', 'I did not eat meat today', 'I ate meat for lunch', 'I did not eat meat today'),
  },
  { tellings: 6, says: (at) => `The room is ${[21, 23, 20, 22, 24, 21][at]} degrees warm` },
  { tellings: 6, says: (at) => `Our shop has ${[120, 90, 140, 100, 130, 95][at]} visitors` },
  {
    tellings: 3,
    says: cycle('Checkout failed for order 1201', 'The warehouse scanner crashed', 'The newsletter has a broken link'),
  },
  { tellings: 2, says: cycle('The backup failed', 'The nightly backup failed again') },
  { tellings: 3, says: cycle('I like tulips', 'I like chess', 'I like cheese') },
  { tellings: 3, says: cycle('Should I start jogging?', 'Is jogging good for me?', 'How often should I go jogging?') },
  { tellings: 3, says: cycle('If I had time I would paint', 'I wish I could paint', 'I might paint again') },
  { tellings: 3, says: cycle('The printer 4 is jammed', 'The printer 7 is jammed', 'The printer 9 is jammed') },
  { tellings: 3, says: cycle('I bought a sofa', 'I sold the desk', 'I painted a wardrobe') },
];
