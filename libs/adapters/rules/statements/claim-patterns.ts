import { of } from './claim-pattern.js';
import type { ClaimPattern } from './claim-pattern.js';
import { TASTE_PATTERNS, TOLD_TASTE_PATTERNS } from './taste-patterns.js';

/** In order. What no pattern takes becomes a claim in the slot `do:<verb>`. */
export const CLAIM_PATTERNS: readonly ClaimPattern[] = [
  ...of(
    'time',
    'be moved|postponed|rescheduled|pushed|delayed|brought|shifted|changed|deferred|bumped|extended|rebooked|booked|set back|forward|up|out? to|until|till|for|from? @m',
    { effect: 'begins' },
  ),
  ...of('time', 'move|slip|shift to @m', { effect: 'begins', about: 'thing' }),
  ...of(
    'time',
    'move|push|shift|bring|postpone|reschedule|delay|change|set|schedule|book|plan|extend|defer *1 back|forward|up|out? to|until|till|for @m',
    { ofObject: true },
  ),
  ...of(
    'time',
    'happen|occur|start|kick|run|launch|ship|go|last place|off|live|out? on|at|in|for|from|between? @m; meet|run|happen @m',
    { about: 'thing' },
  ),
  ...of(
    'time',
    'take place on|at|in? @m; be scheduled|set|planned|slated|due|held|booked|fixed|expected|out for|on|at|in|by|to? @m',
    { about: 'thing' },
  ),
  ...of('time', 'be on|at|in|for|by|around? @m', { about: 'thing' }),
  ...of('location', 'take place in|at|on|inside|near *; be headquartered|based|headquarted in|at *', {
    about: 'thing',
  }),
  ...of(
    'time',
    'be in|ready|done|finished|submitted|filed|delivered|handed|paid|completed|turned|sent|released|published in|out? by|on|before|at @m',
    { about: 'thing' },
  ),
  ...of(
    'time:end',
    'run out|up on|in|at @m; expire|lapse|end|finish|terminate on|in|at|by? @m; be valid|good|open until|till|through? @m; last|go|run until|till @m; be up on|in @m',
    { about: 'thing' },
  ),
  ...of('duration', 'time|expire|lapse|end|stop|go|run|lock out|off? after @q; be valid|good for @q', {
    about: 'thing',
  }),
  ...of(
    'time:$verb',
    'stop|close|open|expire|depart|arrive|leave|renew|run|return|air|land|reopen|board|lapse|reset|retire|mature on|at|in|out|until|till|by? on|at|in|until|till? @m',
    { about: 'thing' },
  ),
  ...of(
    'time:$verb',
    'be built|made|founded|established|constructed|manufactured|produced|created|written|painted|recorded|invented|discovered|composed|installed|painted|renovated|planted|bought|purchased|filmed in|on @m',
    { about: 'thing' },
  ),
  ...of('birth_date', 'be born on|in @m'),
  ...of('birthplace', 'be native of *; be born in|at|near|on *; be born and raised in *; come into world in *'),
  ...of('location', 'stay in|at|near|with *', { about: 'person' }),
  ...of('origin', 'be|come|hail originally? from *', { about: 'person' }),
  ...of('origin', 'grow|be up|raised in|near *', { about: 'person' }),

  ...of('education', 'drop out of *; graduate|be from|expelled from? *', { effect: 'ends', about: 'person' }),
  ...of(
    'education',
    'study|be|enroll enrolled|student? at|of *; attend *; go|move to * university|college|school|primary|high|academy|grammar|nursery|kindergarten',
    {
      about: 'person',
    },
  ),
  ...of('visited', 'be|travel|fly to *; go to|back? to *; visit *; get|come|return|fly back|home? from *', {
    about: 'person',
    named: true,
  }),

  ...of('residence', 'move|relocate from *1 to *2', { about: 'person' }),
  ...of('residence', 'move|relocate|emigrate back|over|house|away|home? to|into|in *', {
    effect: 'begins',
    about: 'person',
  }),
  ...of('residence', 'move out|away of|from *', { effect: 'ends', about: 'person' }),
  ...of(
    'residence',
    'live|settle|lodge down? in|at|near|on|outside|with *; be based|living|located|housed|settled|domiciled in|at|near|outside *',
    { about: 'person' },
  ),
  ...of('residence', 'call * home', { about: 'person' }),

  ...of('schedule:wake up', 'get|wake|rise up? at|around|by? @m'),
  ...of('schedule:go bed', 'go to bed|sleep at|around|by? @m; turn in at|around|by? @m'),
  ...of('schedule:wake up', 'get|wake up? early', { value: 'p=morning' }),
  ...of('do:drink', 'have glass|cup|pint|bottle|mug|shot of *'),
  ...of('do:eat', 'have bowl|slice|plate|piece|serving of *'),
  ...of('do:eat', 'avoid|skip *', { about: 'person', effect: 'denies' }),
  ...TOLD_TASTE_PATTERNS,
  ...of('employer', 'leave|quit my? job|position|role|post at|with *', { effect: 'ends', about: 'person' }),
  ...of(
    'employer',
    'resign|retire|depart from|by|at *; be fired|let|laid|dismissed|sacked go|off? from|by|at *; be made redundant from|by|at *',
    {
      effect: 'ends',
      about: 'person',
    },
  ),
  ...of('employer', 'lose|quit|leave job|position|work', { effect: 'ends', about: 'person', value: 'any' }),
  ...of('employer', 'be unemployed|jobless|retired', { effect: 'ends', about: 'person', value: 'any' }),
  ...of('employer', 'retire', { effect: 'ends', about: 'person', value: 'any' }),
  ...of(
    'employer',
    'get|take|accept|land|start|begin new|full-time|part-time? job|position|role|work|offer|internship at|with|for *; go to? work for *',
    {
      effect: 'begins',
      about: 'person',
    },
  ),
  ...of('employer', 'have new|full-time|part-time? job|position|role at|with|for *; be on payroll of|at *', {
    about: 'person',
  }),
  ...of('employer', 'join *', { effect: 'begins', about: 'person', named: true }),
  ...of('membership', 'join *', { effect: 'begins', about: 'person' }),
  ...of('employer', 'start|begin|intern at *; be hired|recruited|poached by|at *', {
    effect: 'begins',
    about: 'person',
  }),
  ...of('job_title', 'work|serve|act|train as *', { about: 'person' }),
  ...of('workplace', 'work remotely', { about: 'person', value: 'home' }),
  ...of('workplace', 'work from *; be working from *', { about: 'person' }),
  ...of('employer', 'work|be employed|engaged? at|for|by|with *', { about: 'person' }),
  ...of(
    'field',
    'be in * department|team|business; work in|for * department|team|business|sector|industry; work in *',
    { about: 'person' },
  ),
  ...of('job_title', 'be|get promoted|appointed|elected|hired to|as *; get promotion to *; step up as *', {
    effect: 'begins',
    about: 'person',
  }),

  ...of(
    'partner',
    'be|get married|engaged|wed to *; marry|date|wed *; be dating|seeing *; be in? a? relationship with *',
    { about: 'person' },
  ),
  ...of(
    'partner',
    'divorce|dump *; be|get divorced|separated from *; break|split up with|from *; separate from *; split|break up with *',
    { effect: 'ends', about: 'person', named: true },
  ),
  ...of('partner', 'be|get divorced|separated|widowed; break|split up; divorce|separate', {
    effect: 'ends',
    value: 'any',
  }),
  ...of('marital_status', 'be single|unmarried', { value: 'single' }),
  ...of('marital_status', 'be|get married|wed; marry|wed', { value: 'married' }),
  ...of('marital_status', 'be|get engaged', { value: 'engaged' }),
  ...of('marital_status', 'be widow|widower', { value: 'widowed', about: 'person' }),
  ...of('employer', 'employ|hire|recruit *', { inverse: true, named: true }),
  ...of('last name', 'change|legally last|family name|surname to *', { effect: 'begins', about: 'person' }),
  ...of('sibling', 'be only child', { effect: 'denies', value: 'sibling' }),

  ...of(
    'diet',
    'go|become|turn vegetarian|vegan|pescatarian|keto|paleo|gluten-free|dairy-free|flexitarian|kosher|plant-based|sugar-free|meat-free|low-carb',
    { effect: 'begins', about: 'person', value: '$last' },
  ),
  ...of(
    'diet',
    'be vegetarian|vegan|pescatarian|keto|paleo|gluten-free|dairy-free|lacto-vegetarian|flexitarian|carnivore|omnivore|halal|kosher|plant-based|sugar-free|meat-eater|low-carb',
    { about: 'person', value: '$last' },
  ),
  ...of('diet', 'follow|keep|eat|start|try|stick|be on|to? * diet', { about: 'person' }),
  ...of('diet', 'eat only? vegetarian|vegan|halal|kosher|plant-based|gluten-free|keto food?', {
    about: 'person',
    value: '$diet',
  }),

  ...of(
    'allergy',
    'be allergic to *; have allergy to *; have * allergy; be intolerant to|of *; be * intolerant; suffer from * allergy; develop allergy to *; react badly to *; get hives from *',
    { about: 'person' },
  ),
  ...of('allergy', 'outgrow * allergy|intolerance', { effect: 'ends', about: 'person' }),
  ...of(
    'condition',
    'be sick|ill|down with *; come down with *; have case of *; be diagnosed with *; suffer|struggle from|with *; have been? * diagnosis',
    { about: 'person' },
  ),
  ...of('condition', 'recover from *; get|be over|cured|healed|free of|from? *; beat|overcome *', {
    effect: 'ends',
    about: 'person',
  }),
  ...of('medication', 'put|switch|move|start me up|over? on|to @q of? *', { effect: 'begins', aboutSpeaker: true }),
  ...of('medication', 'be prescribed|put on? *; be on @q of? *; take @q of? *', { about: 'person' }),
  ...of('medication', 'take *', { about: 'person', value: '$medicine' }),
  ...of('medication', 'come|go off *', { effect: 'ends', about: 'person' }),

  ...of(
    'language',
    'speak *; be fluent|conversational|native|proficient in *; be native speaker of *; be bilingual in *',
    { about: 'person' },
  ),
  ...of('commute', 'be driven|dropped|chauffeured|taken off? to|at work|school|office|campus|university', {
    about: 'person',
    value: 'car',
  }),
  ...of('commute', 'get|have|hitch lift|ride to work|school|office|campus|university|home', {
    about: 'person',
    value: 'car',
  }),
  ...of('schedule:wake up', 'be early riser|bird; be morning person|lark', { about: 'person', value: 'p=morning' }),
  ...of('schedule:go bed', 'be night owl|person; go to bed late; stay up late; be late sleeper', {
    about: 'person',
    value: 'late',
  }),
  ...of('skill', 'be good|great|excellent|skilled|proficient|experienced|talented at|in|with *; excel at *', {
    about: 'person',
  }),
  ...of('skill', 'be bad|terrible|awful|hopeless|poor at *', { about: 'person', effect: 'denies' }),
  ...of('fear', 'be afraid|scared|terrified|frightened of *; fear|dread *', { about: 'person' }),

  ...TASTE_PATTERNS,

  ...of('condition', 'give birth', { effect: 'ends', about: 'person', value: 'pregnancy' }),
  ...of('status', 'be waiting|pending for? review|approval|payment|feedback|deployment|delivery|pickup', {
    about: 'thing',
    value: 'pending',
  }),
  ...of('status', 'wait|await for? review|approval|payment|feedback|deployment|delivery|pickup', {
    about: 'thing',
    value: 'pending',
  }),
  ...of('location', 'be discharged|released from *', { effect: 'ends', about: 'person' }),
  ...of('location', 'be discharged', { effect: 'ends', about: 'person', value: 'hospital' }),
  ...of('limit', 'be limited|capped|restricted|throttled|held|kept to|at @q; be up|down to @q; allow up to @q', {}),
  ...of('goal', 'abandon|scrap|drop|shelve|ditch plan|goal|idea|dream of|to|for *', {
    effect: 'ends',
    about: 'person',
  }),
  ...of(
    'goal',
    'want|plan|hope|intend|aim|wish|dream|long|decide to|on|of|for|about *; be planning|saving|training|hoping to|for|on *; like|love to *',
    { about: 'person' },
  ),
  ...of(
    'membership',
    'be member of *; subscribe|belong to *; be subscribed|signed|enrolled up? to|for|with *; have * membership|subscription; have membership|subscription at|to|for *; be on team *',
    { about: 'person' },
  ),
  ...of(
    'membership',
    'cancel|drop|end * membership|subscription; cancel|end|drop membership|subscription at|to|for|of|with *; unsubscribe from *; be unsubscribed from *; opt out of *',
    { effect: 'ends', about: 'person' },
  ),
  ...of('major', 'study|read *; major in *; be majoring in *; do|have|get degree in *; switch|change major to *', {
    about: 'person',
  }),

  ...of('name', 'be called|named *; go by *; call me|him|her|them *', {}),
  ...of('manager', 'report|answer to *; work under *; be managed|supervised|led|overseen|coached by *', {
    about: 'person',
  }),
  ...of('manager', 'manage|supervise|oversee *; be manager of *', { inverse: true, about: 'person' }),
  ...of(
    'owner',
    'belong to *; be owned|maintained|led|run|managed|handled|headed|assigned|covered|reassigned|handed|passed|given|transferred|delegated|chaired|taken over|on|care? of? by|to *',
    { about: 'thing' },
  ),
  ...of('owner', 'be with|under *', { about: 'thing', named: true }),
  ...of(
    'owner',
    'own|lead|maintain|head|run|handle|chair *; be responsible for *; be in? charge of *; be owner|lead|maintainer|head of *',
    { inverse: true, about: 'person' },
  ),

  ...of('owner', 'take over|care|ownership|charge of? *', { inverse: true, about: 'person', effect: 'begins' }),
  ...of(
    'version',
    'be on|at|in? version|release|v|edition|build *; be upgraded|updated|downgraded|bumped|rolled|pinned back? to|at version? *; run *',
    {
      about: 'thing',
    },
  ),
  ...of('location', 'move|relocate to|into *', { effect: 'begins', about: 'thing' }),
  ...of('price', 'charge|ask me|us|for? @q', { about: 'thing' }),
  ...of('age', 'be|turn @q old?', { about: 'person' }),
  ...of('measure:width', 'be @q wide|broad|across'),
  ...of('measure:depth', 'be @q deep|thick'),
  ...of('measure:length', 'be @q long'),
  ...of('measure:distance', 'be|lie|sit @q away|off'),
  ...of('measure', 'weigh @q; lie|sit @q; be @q tall|high|heavy; measure @q; stand @q tall?', {}),
  ...of(
    'price',
    'cost me|us? @q; be priced|sold|valued|billed|worth at|for? @q; come|amount|add up? to @q; sell|retail|go|rent for|at @q; set me|us? back @q',
    { about: 'thing' },
  ),
  ...of('income', 'earn|make @q', { about: 'person' }),
  ...of('duration', 'take|last|run me|us|for|about? @q', { about: 'thing' }),

  ...of(
    'location',
    'be|sit|lie|stand|hang|live|reside located|situated|hosted|stored|kept|held|parked|based|moved|placed|deployed|saved|relocated|installed|found|filed|mounted? in|at|on|to|inside|under|near|behind|beside|next|opposite to? *',
    { about: 'thing' },
  ),
  ...of(
    '$verb',
    'listen|run|operate on port? *; be written|rewritten|built|rebuilt|implemented|coded|processed|stored|handled|hosted|deployed|developed|powered|backed|made|based|trained|designed|wrapped in|on|with|by|from|of *; rely|depend on *',
    { about: 'thing' },
  ),

  ...of(
    'location',
    'move|put|store|keep|place|leave|park|hide|hang|host|save|file|transfer|relocate *1 to|in|on|at|into|under|behind|inside *2',
    { about: 'person', ofObject: true },
  ),
  ...of('owner', 'assign|give|hand|reassign|pass|delegate|transfer *1 over? to *2', { ofObject: true }),
  ...of('tool', 'use|run *; be using *', { named: true }),
  ...of('tool', 'use *', {}),
  ...of(
    'possession',
    'sell|discard|donate|scrap|pawn|return|lose *; shave|chop|take off *; give|throw away|back|out|up *; part|do with|away with? *; trade in *; rehome|surrender *',
    { effect: 'ends', about: 'person' },
  ),
  ...of('possession', 'buy|get|adopt|acquire|receive|inherit|lease|rescue *; pick up *; treat myself to *', {
    effect: 'begins',
    about: 'person',
  }),
  ...of('vehicle', 'drive|ride *', { about: 'person' }),
  ...of('possession', 'have|own|keep|possess *; be owner of *', { about: 'person' }),
  ...of('status', 'break|crash|fail|recover|stall down|again|up|back?', {
    about: 'thing',
    value: '$status',
    effect: 'begins',
  }),
  ...of(
    'status',
    'work|fail|crash|break|pass|recover|stall|hang|stop|run|function|compile|build up|down|online|offline|live|again|fine|properly|correctly|smoothly|normally|back?; go|come up|down|online|offline|live|back',
    { about: 'thing', value: '$status' },
  ),
];
