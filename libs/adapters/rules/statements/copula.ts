/** "X is Y": which of the many things that a copula says. */
import { readVerb } from '../verbs.js';
import { isOwned } from './atoms.js';
import type { Atom } from './atoms.js';
import { isKin, isPersonWord, partyOf, phraseNormal, SELF } from './parties.js';
import type { Party } from './parties.js';

/** Nouns that name a property of something: "the launch date is", "my phone number is". */
const ATTRIBUTES = new Set(
  `date time day deadline name nickname color price cost fee rent salary budget limit quota size length width height weight
  depth age version status state condition port address number email password pin code username handle timezone zone
  birthday anniversary title position job occupation profession role owner manager lead leader chair host contact assignee
  capital currency language locale rate speed temperature location place venue domain url endpoint website
  theme mode font tier level capacity duration term interval frequency schedule threshold timeout target goal score
  grade rating balance total amount count population surname origin nationality citizenship religion major degree type kind format
  brand model maker vendor provider supplier carrier bank insurer database framework editor browser branch platform stack
  license policy topic subject theme slogan motto mascot headquarters region priority severity category label tag diet
  allergy destination gate seat channel id extension zip postcode spouse partner doctor dentist pronouns size
  cap maximum minimum ceiling total cutoff landline pronoun shift hours retention cadence method protocol default preference hobby employer
  hometown birthplace order drink breakfast lunch genre author director home editor-in-chief ceo cto president captain coach`.split(
    /\s+/,
  ),
);

/** Attributes that mean the same slot. */
const SLOT_OF_ATTRIBUTE = new Map(
  `cap=limit maximum=limit max=limit ceiling=limit cutoff=deadline total=price rate=price landline=phone pronoun=pronouns date=time time=time day=time schedule=time start=time deadline=deadline due=deadline cost=price fee=price price=price
  state=status condition=status status=status job=job_title occupation=job_title profession=job_title title=job_title
  position=job_title employer=employer home=residence birthday=birth_date manager=manager owner=owner assignee=owner lead=owner
  leader=owner hometown=origin birthplace=birthplace diet=diet venue=location place=location location=location address=address
  spouse=partner partner=partner wife=partner husband=partner girlfriend=partner boyfriend=partner fiance=partner
  fiancee=partner name=name nickname=name age=age weight=measure height=measure length=measure:length depth=measure:depth width=measure:width distance=measure:distance
  salary=income income=income duration=duration allergy=allergy major=major school=education university=education
  language=language hobby=hobby`
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
);

/** Is it the noun of a property? */
export const isAttributeWord = (word: string): boolean => ATTRIBUTES.has(word) || SLOT_OF_ATTRIBUTE.has(word);

export interface Attribute {
  owner: Party;
  slot: string;
  /** Of a favourite: on which occasions. */
  qualifiers?: readonly string[];
}

/** Splits "my favorite season", "Kate's manager", "the price of the pro plan", "launch date" into owner and slot. */
export function attributeOf(subject: Party): Attribute | undefined {
  const { atoms } = subject;
  if (atoms.length === 0) return undefined;
  const phrase = phraseAttribute(atoms);
  if (phrase !== undefined) return phrase;
  const of = atoms.findIndex(({ normal }) => normal === 'of' || normal === 'for');
  if (of > 0 && of < atoms.length - 1) return withOwner(atoms.slice(0, of), atoms.slice(of + 1));
  const mark = atoms.findLastIndex(({ normal }) => normal === "'s");
  if (mark > 0 && mark < atoms.length - 1) return withOwner(atoms.slice(mark + 1), atoms.slice(0, mark));
  return withOwner(atoms, []);
}

/** Properties that are called by a phrase. */
const PHRASES = new Map([
  ['date of birth', 'birth_date'],
  ['birth date', 'birth_date'],
  ['place of birth', 'birthplace'],
  ['year of birth', 'birth_date'],
  ['blood type', 'blood_type'],
  ['bedtime', 'schedule:go bed'],
  ['wake-up time', 'schedule:wake up'],
  ['home address', 'address'],
  ['blood group', 'blood_type'],
  ['mother tongue', 'native language'],
  ['native language', 'native language'],
  ['native tongue', 'native language'],
  ['first language', 'native language'],
  ['birth year', 'birth_date'],
  ['job title', 'job_title'],
  ['family name', 'last name'],
  ['surname', 'last name'],
  ['second name', 'last name'],
  ['given name', 'first name'],
  ['forename', 'first name'],
]);
/** "Yusuf's blood group", "my date of birth". */
function phraseAttribute(atoms: readonly Atom[]): Attribute | undefined {
  const mark = atoms.findLastIndex(({ normal }) => normal === "'s");
  const slot = PHRASES.get(phraseNormal(atoms.slice(mark + 1)));
  if (slot === undefined) return undefined;
  return { owner: mark > 0 ? partyOf(atoms.slice(0, mark)) : (pronounOwner(atoms[0]!) ?? SELF), slot };
}

const IDLE = /^(?:current|new|present|latest|actual|exact|overall)$/;

function withOwner(phrase: readonly Atom[], owned: readonly Atom[]): Attribute | undefined {
  const head = phrase.at(-1)!;
  if (head.raw === 'Max') return undefined;
  const modifiers = phrase.slice(0, -1).filter(({ normal }) => !IDLE.test(normal));
  const isOwn = phrase[0]!.article === 'own';
  const owner = owned.length > 0 ? partyOf(owned) : pronounOwner(phrase[0]!);
  const chosen = modifiers.find(({ normal }) => /^(?:favorite|preferred|go-to|default)$/.test(normal));
  if (chosen !== undefined && chosen.normal !== 'default') {
    const end = phrase.findIndex(({ kind, normal }, at) => at > 1 && kind === 'word' && CIRCUMSTANCE.test(normal));
    const topic = (end < 0 ? phrase : phrase.slice(0, end)).filter(
      (atom) =>
        atom !== chosen && atom.kind === 'word' && !/^(?:kind|type|of|all-time|absolute|ever)$/.test(atom.normal),
    );
    const qualifiers = end < 0 ? [] : circumstance(phrase.slice(end));
    return { owner: owner ?? SELF, slot: `favorite:${topicOf(topic)}`, qualifiers };
  }
  if ((!ATTRIBUTES.has(head.normal) && !SLOT_OF_ATTRIBUTE.has(head.normal)) || isPlural(head)) return undefined;
  const isPersonal = owner?.kind === 'self' || owner?.kind === 'person' || (owner === undefined && isOwn);
  if (isPersonal) return { owner: owner ?? SELF, slot: personalSlot(head.normal, modifiers) };
  const named = owner === undefined ? modifiers : [...owned, ...modifiers];
  if (
    named.length === 0 &&
    /^(?:position|title|job|role|home|condition|state|host|captain|coach|partner|seat|gate|key|shift|default|label|topic|order|stack)$/.test(
      head.normal,
    ) &&
    !isOwn
  )
    return undefined;
  if (named.length === 0) return { owner: SELF, slot: SLOT_OF_ATTRIBUTE.get(head.normal) ?? head.normal };
  return { owner: partyOf(named), slot: SLOT_OF_ATTRIBUTE.get(head.normal) ?? head.normal };
}

const CIRCUMSTANCE = /^(?:in|on|at|with|during|after|before|while|when)$/;

/** "In the morning", "at weekends": the moment alone, or the phrase. */
function circumstance(phrase: readonly Atom[]): string[] {
  const moment = phrase.find(({ kind }) => kind === 'moment');
  if (moment !== undefined) return moment.normal.split(' ');
  return phrase.length > 1 ? [`${phrase[0]!.normal} ${phraseNormal(phrase.slice(1))}`] : [];
}

/** What favourites are called by several names. */
const TOPICS = new Map(
  Object.entries({
    'place to eat': 'restaurant',
    'place eat': 'restaurant',
    eatery: 'restaurant',
    'dining spot': 'restaurant',
    'place to drink': 'bar',
    pub: 'bar',
    'coffee shop': 'cafe',
    cafe: 'cafe',
    'place to swim': 'pool',
    'thing to eat': 'food',
    dish: 'food',
    meal: 'food',
    'thing to drink': 'drink',
    beverage: 'drink',
    sweet: 'dessert',
    pudding: 'dessert',
    'music group': 'band',
    group: 'band',
    artist: 'musician',
    writer: 'author',
    novelist: 'author',
    tune: 'song',
    track: 'song',
    series: 'show',
    'television show': 'show',
    'television series': 'show',
    pastime: 'hobby',
    'free-time activity': 'hobby',
    'vacation spot': 'vacation destination',
    'time of year': 'season',
    'day of week': 'day',
    weekday: 'day',
    'school subject': 'subject',
    'football club': 'football team',
    'soccer team': 'football team',
    'athletic shoe': 'sneaker',
  }),
);

function topicOf(topic: readonly Atom[]): string {
  const normal = phraseNormal(topic) || 'thing';
  return TOPICS.get(normal) ?? normal;
}

const isPlural = ({ raw, normal }: Atom): boolean => raw.toLowerCase() === `${normal}s` && normal !== 'pronoun';

/** "Her name": hers, whoever she is. */
function pronounOwner({ article }: Atom): Party | undefined {
  const normal =
    article === null
      ? undefined
      : ({ his: 'he', her: 'she', their: 'they', its: 'it' } as Record<string, string>)[article];
  return normal === undefined ? undefined : { normal, kind: normal === 'it' ? 'thing' : 'person', atoms: [] };
}

/** "My wedding date" is the time of the wedding; "my phone number" is a slot of mine. */
function personalSlot(head: string, modifiers: readonly Atom[]): string {
  if (modifiers.length === 0) return SLOT_OF_ATTRIBUTE.get(head) ?? head;
  const words = modifiers
    .map(({ normal }) => normal)
    .filter(
      (word) =>
        !/^(?:new|current|old|full|first|last|own|home|work|personal|main)$/.test(word) ||
        head === 'name' ||
        head === 'email' ||
        head === 'address' ||
        head === 'number',
    );
  if (words.length === 0) return SLOT_OF_ATTRIBUTE.get(head) ?? head;
  return `${words.join(' ')} ${head}`;
}

/** Is this phrase a role that somebody has for somebody: "Kate's manager", "the CEO of Acme"? */
export function roleOf(atoms: readonly Atom[]): Attribute | undefined {
  const [first] = atoms;
  if (first === undefined || first.article === 'a') return undefined;
  const phrase = partyOf(atoms);
  const of = atoms.findIndex(({ normal }) => normal === 'of' || normal === 'for');
  const mark = atoms.findLastIndex(({ normal }) => normal === "'s");
  const head = of > 0 ? atoms[of - 1]! : atoms.at(-1)!;
  const isRole = isPersonWord(head.normal) || ATTRIBUTES.has(head.normal);
  if (!isRole || head.capital || (of < 0 && mark < 0 && first.article === null)) return undefined;
  if (isKin(head.normal) && first.article === 'the' && mark < 0) return undefined;
  if (!ATTRIBUTES.has(head.normal) && !SLOT_OF_ATTRIBUTE.has(head.normal)) {
    const owner = of > 0 ? atoms.slice(of + 1) : mark > 0 ? atoms.slice(0, mark) : [];
    return { owner: owner.length > 0 ? partyOf(owner) : SELF, slot: head.normal };
  }
  return attributeOf(phrase);
}

/** "Tiramisu is my favorite dessert": the slot stands behind the verb. */
export function favoriteOf(atoms: readonly Atom[]): Attribute | undefined {
  if (!atoms.some(({ normal }) => normal === 'favorite' || normal === 'preferred')) return undefined;
  return attributeOf(partyOf(atoms));
}

const DIETS = new Set(
  'vegetarian vegan pescatarian keto paleo flexitarian omnivore carnivore kosher halal lacto-vegetarian fruitarian plant-based gluten-free meat-eater'.split(
    ' ',
  ),
);
const MARITAL = new Map([
  ['single', 'single'],
  ['married', 'married'],
  ['divorced', 'divorced'],
  ['engaged', 'engaged'],
  ['widowed', 'widowed'],
  ['separated', 'separated'],
  ['unmarried', 'single'],
]);
const CONDITIONS = new Map(
  'diabetic=diabetes asthmatic=asthma celiac=celiac arthritic=arthritis insomniac=insomnia epileptic=epilepsy anemic=anemia dyslexic=dyslexia autistic=autism pregnant=pregnancy depressed=depression'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
const CONDITION_NOUNS = new Set(
  'diabetes asthma migraine epilepsy arthritis anemia insomnia hypertension depression anxiety cancer flu cold covid adhd eczema psoriasis tinnitus celiac ibs gout glaucoma allergy-season bronchitis pneumonia scoliosis sciatica vertigo dyslexia autism lupus leukemia lymphoma melanoma anorexia bulimia dementia parkinson alzheimer hepatitis tuberculosis measles mumps shingles tonsillitis sinusitis appendicitis osteoporosis endometriosis fibromyalgia rheumatism emphysema rosacea acne ulcer hernia concussion angina arrhythmia anaemia thyroid narcolepsy ptsd ocd bipolar schizophrenia stroke'.split(
    ' ',
  ),
);
const OCCUPATION =
  /^(?:[a-z-]{2,}(?:er|or|ist|ian|eer|ant|ess|smith|wright|man|woman)|chef|cook|nurse|pilot|architect|judge|clerk|coach|surgeon|vet|analyst|consultant|intern|student|retiree|freelancer|ceo|cto|cfo|founder|director|lead|head|designer|monk|priest|soldier|poet|guard|attorney|scientist|chemist|pharmacist|mechanic|plumber|carpenter|barista|professor|diplomat|spy|tutor|agent|nanny|paramedic|midwife|model|spokesperson|staff|partner)$/;
const NO_OCCUPATION =
  /^(?:member|father|mother|brother|sister|daughter|lover|better|never|other|owner|supporter|sinner|winner|user|number|believer|runner|person|smoker|eater|drinker|sleeper|riser|morning|swimmer|reader|gamer|hiker|cyclist|speaker|survivor|human|woman|man|vegetarian|christian|italian|indian|canadian|russian|australian|norwegian|egyptian|brazilian|ukrainian|austrian|hungarian|romanian|bulgarian|estonian|latvian|lithuanian|iranian|belgian|colombian|peruvian|chilean|argentinian|german|american|mexican|korean|leader|computer|printer|server|container|router|docker|monitor|folder|cluster|sensor|error|color|senior|junior|minor|major|inferior|superior|eager|sober|clever|bitter|under|tender|proper|super|poor|older|younger|taller|smaller|larger|bigger|faster|slower|cheaper|newer|happier|important|pleasant|elegant|constant|significant|distant|brilliant|relevant|compliant|tolerant|vacant|reluctant|pregnant|redundant|dominant)$/;

export type Complement =
  | { kind: 'slot'; slot: string; value: string }
  | { kind: 'title' }
  | { kind: 'kind' }
  | { kind: 'state' }
  | { kind: 'identity' };

/** What a complement without a preposition says of a person or thing. */
export function complementOf(atoms: readonly Atom[], subject: Party): Complement {
  const head = headOf(atoms);
  const isPerson = subject.kind !== 'thing';
  if (isPerson) {
    if (DIETS.has(head.normal)) return { kind: 'slot', slot: 'diet', value: head.normal };
    const marital = MARITAL.get(head.normal);
    if (marital !== undefined) return { kind: 'slot', slot: 'marital_status', value: marital };
    const condition = CONDITIONS.get(head.normal);
    if (condition !== undefined) return { kind: 'slot', slot: 'condition', value: condition };
    const lowered = head.normal.toLowerCase();
    if (
      !head.capital &&
      OCCUPATION.test(lowered) &&
      !NO_OCCUPATION.test(lowered) &&
      (head.article !== null || (atoms.length > 0 && atoms[0]!.article === 'a'))
    )
      return { kind: 'title' };
  }
  if (atoms[0]!.article === 'a') return { kind: 'kind' };
  const isName = atoms[0]!.capital || atoms[0]!.article === 'the' || isOwned(atoms[0]!) || /\d/.test(atoms[0]!.normal);
  return isName ? { kind: 'identity' } : { kind: 'state' };
}

/** The noun of a phrase: what stands before the first preposition. */
export function headOf(atoms: readonly Atom[]): Atom {
  const at = atoms.findIndex(
    ({ normal }, index) => index > 0 && /^(?:of|at|in|for|with|from|on|by|to|who|that|named|called|and)$/.test(normal),
  );
  return at < 0 ? atoms.at(-1)! : atoms[at - 1]!;
}

export const isCondition = (word: string): boolean => CONDITION_NOUNS.has(word);

/** "A smoker" smokes: what somebody does, told as what somebody is. */
export function agentVerb(noun: string): string | undefined {
  if (
    !/^(?:smoker|drinker|runner|swimmer|reader|gamer|hiker|cyclist|gambler|jogger|skier|surfer|climber|dancer|vaper|commuter)$/.test(
      noun,
    )
  )
    return undefined;
  const stem = noun.replace(/ist$/, 'e').replace(/er$/, '');
  return [stem, `${stem}e`, stem.slice(0, -1)].find((one) => readVerb(one)?.base === true);
}
