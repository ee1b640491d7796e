import { of } from './claim-pattern.js';
import type { ClaimPattern } from './claim-pattern.js';

const LOVE = 'like|love|enjoy|adore|fancy|dig *';

/** What is told of the thing that somebody likes or not: they come before the other uses of their verbs. */
export const TOLD_TASTE_PATTERNS: readonly ClaimPattern[] = [
  ...of('preference', 'leave * cold|indifferent|unmoved; do nothing for *', { effect: 'denies', inverse: true }),
  ...of('preference', "bore|annoy|irritate|disgust|repel|frustrate|tire|depress *; get on *1 's nerve; put * off", {
    effect: 'denies',
    inverse: true,
  }),
  ...of('preference', 'delight|fascinate|thrill|excite|captivate|charm|relax *; appeal to *; grow on *', {
    inverse: true,
  }),
  ...of('preference', 'be loved|liked|adored|enjoyed|cherished|appreciated by *', { inverse: true }),
  ...of('preference', 'be hated|disliked|detested|loathed|despised by *', { effect: 'denies', inverse: true }),
];

/** What somebody likes, dislikes or prefers. */
export const TASTE_PATTERNS: readonly ClaimPattern[] = [
  ...of('prefer', 'like|love|enjoy|rate *1 more|better|higher|above than? *2', { about: 'person' }),
  ...of(
    'preference',
    'be fond|enamored of *; be keen|hooked on *; be into *; be crazy|mad|passionate|nuts|enthusiastic|wild|fanatical about *; be big|huge|great|large|massive? fan|lover of *; be * fan|lover|enthusiast; have weakness|thing|soft-spot|passion|taste|fondness|love for *; have sweet tooth for *; have soft spot for *; be partial|addicted|devoted to *; be obsessed|smitten with *; be enthusiast of *; take pleasure|delight in *; relish|cherish|savor|treasure|appreciate *; swear by *',
    { about: 'person' },
  ),
  ...of(
    'preference',
    'come|warm around|round|up? to *; take to *; take liking|shine to *; fall in love with *; fall for *; develop|acquire taste|love|passion for *; discover love|passion for *; get hooked on *; get into *; be won over by *',
    { about: 'person', effect: 'begins' },
  ),
  ...of('preference', 'get enough of *', { about: 'person', effect: 'denies' }),
  ...of(
    'preference',
    'go off *; lose interest|taste|enthusiasm|passion|love|appetite in|for *; get|grow|become tired|weary|sick|bored of|with *; fall out of love with *; have enough of *; tire|weary of *',
    { about: 'person', effect: 'ends' },
  ),
  ...of(
    'preference',
    'have no time|interest|use|patience for|in *; be fed up with *; abhor *; be no fan of *; be indifferent to *; be over *',
    {
      about: 'person',
      effect: 'denies',
    },
  ),
  ...of('preference', 'have sweet tooth', { about: 'person', value: 'sweet thing' }),
  ...of('preference', LOVE, { about: 'person' }),
  ...of(
    'preference',
    'hate|dislike|detest|loathe|despise|resent *; be sick|tired of *; be bored by|of|with *; be averse to *; be put off by *',
    { effect: 'denies', about: 'person' },
  ),
  ...of('preference', 'stand|bear|tolerate|stomach|abide *', { about: 'person' }),
  ...of(
    'prefer',
    'prefer|choose|pick|favor *1 over|to|than|above *2; rather *1 than *2; prefer *1 instead|rather of|than *2; would * than *',
    {
      about: 'person',
    },
  ),
  ...of('prefer', 'prefer|favor|rather *', { about: 'person' }),
];
