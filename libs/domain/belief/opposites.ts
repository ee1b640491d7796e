/** Words that exclude each other: pairs of opposites, and sets of which a thing can be in only one at a time. */

const pairsOf = (list: string): readonly (readonly [string, string])[] =>
  list
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split('/') as [string, string]);

const OPPOSITES =
  pairsOf(`open/closed on/off enabled/disabled active/inactive light/dark up/down hot/cold warm/cold warm/cool
  happy/sad happy/unhappy tall/short long/short large/small fast/slow easy/hard easy/difficult simple/complex cheap/expensive free/paid
  early/late full/empty public/private internal/external required/optional mandatory/optional mandatory/voluntary allowed/forbidden
  allowed/prohibited permitted/forbidden allowed/banned legal/illegal valid/invalid available/down working/broken working/failing
  working/stopped passing/failing healthy/sick healthy/unhealthy fine/sick alive/dead true/false correct/wrong correct/incorrect
  right/wrong safe/dangerous safe/unsafe stable/unstable manual/automatic manual/automated remote/on-site remote/onsite
  remote/in-office remote/office full-time/part-time temporary/permanent formal/informal formal/casual short/detailed
  busy/free quiet/loud noisy/quiet clean/dirty wet/dry new/old young/old thick/thin heavy/light strong/weak high/low rich/poor
  left/right left-handed/right-handed introvert/extrovert single/married single/engaged divorced/married employed/unemployed
  morning/evening morning/night day/night early/night odd/even metric/imperial sync/async synchronous/asynchronous online/offline
  indoor/outdoor inside/outside sweet/savory sweet/sour spicy/mild salty/sweet vegetarian/meat-eater smoker/non-smoker
  locked/unlocked visible/hidden encrypted/unencrypted signed/unsigned complete/incomplete completed/incomplete
  resolved/unresolved resolved/open resolved/broken resolved/failing verified/unverified read/unread known/unknown used/unused paid/unpaid
  approved/rejected approved/denied accepted/declined accepted/rejected granted/denied granted/revoked present/absent
  win/lose won/lost pass/fail increase/decrease rise/fall add/remove include/exclude allow/forbid allow/block accept/reject
  accept/refuse enable/disable start/end buy/sell arrive/depart monolithic/distributed relational/document upper/lower
  uppercase/lowercase horizontal/vertical domestic/international liberal/conservative serial/parallel tabs/spaces tab/space
  good/bad great/terrible excellent/poor awake/asleep married/single pregnant/not-pregnant interested/uninterested
  comfortable/uncomfortable satisfied/dissatisfied pleased/disappointed sure/unsure ready/unready ripe/unripe vaccinated/unvaccinated
  certified/uncertified insured/uninsured licensed/unlicensed booked/free occupied/vacant reserved/available sold-out/available
  expired/valid current/outdated up-to-date/outdated supported/deprecated supported/unsupported stocked/out-of-stock
  lost/found missing/found stolen/found dirty/tidy clean/messy tidy/messy tidy/untidy tidy/cluttered clean/muddy
  charged/flat charged/empty full/low frozen/thawed hidden/revealed booked/canceled confirmed/canceled installed/uninstalled
  sealed/open plugged/unplugged muted/unmuted packed/unpacked inflated/flat rented/vacant rented/vacated occupied/vacated
  rented/available in-stock/empty damaged/resolved broken/intact leaking/resolved cracked/resolved torn/resolved
  stuck/free hungry/full tired/rested thirsty/quenched awake/sleeping crowded/empty crowded/quiet calm/stormy
  sunny/rainy sunny/cloudy raining/sunny raining/dry snowing/sunny foggy/clear cloudy/clear bright/dark loose/tight
  sharp/blunt sharp/dull straight/bent smooth/rough soft/hard ripe/rotten fresh/stale fresh/rotten raw/cooked solo/together
  private/shared secret/public personal/shared vacant/rented hot/freezing warm/freezing bored/excited calm/nervous
  relaxed/stressed optimistic/pessimistic confident/nervous fit/unfit fit/injured fit/sick pregnant/delivered
  upstairs/downstairs indoors/outdoors north/south east/west front/back top/bottom revoked/active revoked/valid
  expired/active banned/allowed banned/active blocked/allowed inherited/own open/filled vacant/filled occupied/empty flexible/fixed fixed/variable weekly/monthly daily/weekly daily/monthly weekly/biweekly monthly/quarterly monthly/yearly quarterly/yearly`);

const SETS: Readonly<Record<string, string>> = {
  work: 'open closed resolved unresolved reopened pending blocked todo canceled completed incomplete escalated started unstarted paused abandoned in-progress waiting on-hold in-backlog wontfix assigned unassigned ongoing underway under-way',
  publication:
    'draft in-draft in-review under-review reviewed published unpublished archived withdrawn approved rejected submitted accepted declined merged unmerged pending denied signed',
  payment: 'pending unpaid paid overdue refunded due outstanding settled charged disputed',
  delivery:
    'pending ordered placed processing packed shipped in-transit delivered returned lost delayed dispatched backordered canceled refunded',
  operation:
    'up down running stopped working failing broken passing healthy unhealthy degraded resolved stable unstable red green yellow amber stalled crashed flaky slow in-maintenance under-maintenance repaired',
  switch: 'on off enabled disabled active inactive suspended deactivated',
  access: 'open closed locked unlocked public private restricted',
  presence: 'available unavailable busy free away on-vacation on-leave back',
  environment:
    'in-production in-staging in-beta in-development in-testing live deployed rolled-back released unreleased',
  color:
    'red green blue yellow orange purple pink black white gray brown beige silver gold navy teal turquoise violet maroon',
  size: 'small medium large',
  temperature: 'hot cold warm cool freezing',
  marital: 'single married divorced engaged widowed separated',
  health: 'sick healthy injured recovered fine well',
  plan: 'free basic starter standard pro premium enterprise plus business team',
  stock: 'in-stock out-of-stock sold-out available unavailable backordered discontinued',
  level: 'low medium high critical urgent normal minor major',
};

/** Things of one class stand for each other where only one is wanted or used. */
const CLASSES: Readonly<Record<string, string>> = {
  season: 'spring summer autumn fall winter',
  channel:
    'email phone call text sms chat slack letter whatsapp video zoom meeting teams fax message post in-person voicemail signal telegram discord',
  drink:
    'tea coffee water juice soda beer wine milk espresso latte cappuccino cocoa whiskey lemonade smoothie matcha cola decaf',
  theme: 'light dark',
  seat: 'aisle window middle',
  daytime: 'morning afternoon evening night',
  transport:
    'bus train car bicycle tram subway metro plane taxi foot walk walking cycle drive driving ferry scooter fly flying',
  database:
    'mysql postgres sqlite oracle mongodb redis cassandra mariadb dynamodb cockroachdb firestore snowflake bigquery neo4j couchdb elasticsearch clickhouse duckdb supabase sqlserver spanner',
  cloud: 'aws azure gcp heroku vercel netlify digitalocean cloudflare linode hetzner render google-cloud oracle-cloud',
  editor: 'vim emacs neovim vscode sublime intellij atom webstorm pycharm nano zed cursor notepad eclipse xcode code',
  language:
    'python java javascript typescript rust go ruby php kotlin swift c c++ c# scala elixir haskell perl clojure dart julia',
  framework: 'react vue angular svelte django flask rails laravel express fastapi spring nextjs nuxt ember solid',
  chat: 'slack teams discord zoom skype meet mattermost webex telegram whatsapp signal messenger',
  tracker: 'jira linear asana trello github notion basecamp clickup shortcut bugzilla redmine monday',
  ci: 'jenkins circleci travis buildkite teamcity bamboo drone github-actions gitlab-ci',
  system: 'windows macos linux ubuntu debian fedora arch mac android ios chromeos centos freebsd',
  browser: 'chrome firefox safari edge opera brave vivaldi',
  packager: 'npm yarn pnpm pip poetry conda maven gradle bun cargo bundler',
  vcs: 'git svn mercurial perforce',
  broker: 'kafka rabbitmq sqs nats pulsar activemq kinesis redis',
  payment: 'stripe paypal adyen braintree square klarna visa mastercard cash card amex',
  music: 'spotify tidal deezer pandora',
  video: 'netflix hulu disney youtube prime hbo',
  bank: 'chase barclays hsbc citibank revolut monzo santander wells-fargo n26 lloyds',
  indentation: 'tab space',
  units: 'metric imperial',
  tone: 'formal informal casual friendly professional formally informally casually',
  length: 'short long detailed briefly',
  workplace: 'home office remote hybrid remotely on-site onsite cafe library coworking',
  pet: 'dog cat rabbit hamster parrot fish snake bird',
  frequency: 'daily weekly biweekly monthly quarterly yearly hourly nightly annually',
  case: 'camelcase snake-case kebab-case pascalcase snake_case',
  quote: 'single double',
  format:
    'json xml yaml csv pdf html markdown docx toml plain-text xlsx bullet bullet-point paragraph prose table list',
  phone: 'iphone android pixel samsung galaxy nokia huawei',
  tongue:
    'english german french spanish italian portuguese dutch polish russian japanese chinese korean swedish danish norwegian finnish turkish arabic hindi mandarin czech greek hungarian romanian ukrainian vietnamese thai hebrew catalan cantonese',
  currency: 'usd eur gbp dollar euro pound yen jpy chf',
  milk: 'oat almond soy cow coconut skim whole',
  meal: 'breakfast lunch dinner brunch',
  place: 'beach mountain city countryside lake forest sea',
  medium: 'book ebook audiobook paperback hardcover podcast film video',
  sport:
    'tennis football basketball volleyball swimming running cycling golf hockey rugby cricket yoga boxing climbing badminton',
  food: 'pizza sushi pasta burger ramen taco curry salad steak',
  commute: 'remote hybrid in-office',
};

const key = (left: string, right: string): string => (left < right ? `${left}/${right}` : `${right}/${left}`);
const OPPOSITE_KEYS = new Set(OPPOSITES.map(([left, right]) => key(left, right)));
const SET_OF = new Map<string, string[]>();
for (const [name, words] of Object.entries(SETS))
  for (const word of words.split(' ')) SET_OF.set(word, [...(SET_OF.get(word) ?? []), name]);
const CLASS_OF = new Map<string, string[]>();
for (const [name, words] of Object.entries(CLASSES))
  for (const word of words.split(' ')) CLASS_OF.set(word, [...(CLASS_OF.get(word) ?? []), name]);

/** The first set that the value belongs to: what it excludes by being so. */
export function exclusiveSetOf(value: string): string | null {
  return SET_OF.get(value.replaceAll(' ', '-'))?.[0] ?? null;
}

/** Can the two not be so at once? Negated forms ("unhappy") count as opposites of the plain ones. */
export function areOpposite(left: string, right: string): boolean {
  if (left === right) return false;
  const [one, other] = [left.replaceAll(' ', '-'), right.replaceAll(' ', '-')];
  return (
    OPPOSITE_KEYS.has(key(one, other)) ||
    isNegatedForm(one, other) ||
    isNegatedForm(other, one) ||
    shareAny(SET_OF, one, other)
  );
}

/** Do they belong to one class, of which usually one is chosen? */
export function areAlternatives(left: string, right: string): boolean {
  return (
    left !== right &&
    (areOpposite(left, right) || shareAny(CLASS_OF, left.replaceAll(' ', '-'), right.replaceAll(' ', '-')))
  );
}

/** Comparatives and what they come from, where the ending alone does not tell. */
const COMPARATIVES: ReadonlyMap<string, string> = new Map(
  'older=old elder=old better=good worse=bad more=many less=few fewer=few further=far bigger=large larger=large lower=low nearer=near closer=near'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);

function positiveOf(comparative: string): string {
  const word = comparative.replace(/^(?:more|much|a bit|slightly) /, '');
  const stem = word.replace(/(?:ier)$/, 'y').replace(/er$/, '');
  return COMPARATIVES.get(word) ?? stem.replace(/([bdgnt])\1$/, '$1');
}

/** "Taller" and "shorter", "more expensive" and "cheaper". */
export function areComparedOpposite(left: string, right: string): boolean {
  const [one, other] = [positiveOf(left), positiveOf(right)];
  const isEnding = (word: string): string => (word.endsWith('e') ? word : `${word}e`);
  return (
    areOpposite(one, other) ||
    areOpposite(isEnding(one), other) ||
    areOpposite(one, isEnding(other)) ||
    /^(?:few\/many|many\/few|far\/near|near\/far|long\/short|short\/long)$/.test(`${one}/${other}`)
  );
}

function shareAny(sets: ReadonlyMap<string, readonly string[]>, left: string, right: string): boolean {
  const others = sets.get(right);
  return others !== undefined && (sets.get(left)?.some((name) => others.includes(name)) ?? false);
}

function isNegatedForm(negated: string, plain: string): boolean {
  if (plain.length < 4) return false;
  return ['un', 'in', 'im', 'dis', 'non', 'non-', 'not-', 'ir', 'il', 'de'].some(
    (prefix) => negated === prefix + plain,
  );
}
