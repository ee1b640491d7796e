/** Normal forms of single words: one spelling, one number, one name for what has several. Lower case in, lower case out. */
import { perWord } from '../per-word.js';
import { readVerb } from '../verbs.js';

const pairs = (list: string): Map<string, string> =>
  new Map(
    list
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('=') as [string, string]),
  );

/** British on the left, American on the right; regular endings are below. */
const SPELLINGS =
  pairs(`colour=color favourite=favorite flavour=flavor behaviour=behavior neighbour=neighbor honour=honor
  labour=labor harbour=harbor humour=humor rumour=rumor centre=center theatre=theater metre=meter litre=liter
  kilometre=kilometer centimetre=centimeter fibre=fiber grey=gray cheque=check licence=license defence=defense
  programme=program travelling=traveling cancelled=canceled cancelling=canceling modelling=modeling catalogue=catalog
  dialogue=dialog jewellery=jewelry tyre=tire pyjamas=pajamas mum=mother mom=mother mommy=mother mummy=mother
  dad=father daddy=father yoghurt=yogurt doughnut=donut whisky=whiskey aeroplane=airplane storey=story practise=practice
  enrol=enroll fulfil=fulfill analyse=analyze organise=organize`);

/** Different words for the same thing in everyday statements. */
const SYNONYMS = pairs(`movie=film flick=film kid=child kiddo=child toddler=child baby=child auto=car automobile=car
  bike=bicycle cycling=bicycle phone=phone telephone=phone cellphone=phone cell=phone mobile=phone apartment=flat sofa=couch
  photo=picture pic=picture soccer=football buddy=friend pal=friend kitty=cat kitten=cat pup=dog puppy=dog doggy=dog
  bunny=rabbit mail=email e-mail=email gym=gym laptop=laptop wife=wife hubby=husband spouse=partner fiance=fiance
  coworker=colleague co-worker=colleague teammate=colleague supervisor=manager boss=manager physician=doctor attorney=lawyer
  developer=programmer coder=programmer dev=programmer veggie=vegetarian db=database repo=repository docs=documentation
  doc=document app=application prod=production config=configuration info=information max=maximum min=minimum pm=pm
  uni=university univ=university postgresql=postgres mongo=mongodb k8s=kubernetes js=javascript ts=typescript golang=go
  nyc=new-york usa=united-states us=united-states u.s=united-states uk=united-kingdom u.k=united-kingdom britain=united-kingdom
  america=united-states holiday=vacation holidays=vacation residence=home house=house house-number=house-number
  standup=standup stand-up=standup check-in=check-in dinner=dinner supper=dinner tv=television telly=television
  depart=leave shut=close begin=start commence=start finish=end terminate=end conclude=end purchase=buy acquire=buy reside=live dwell=live inhabit=live
  utilize=use utilise=use employ=employ jog=run glass=glass glasses=glasses fridge=refrigerator hoover=vacuum
  maths=math mathematics=math cookie=cookie biscuit=cookie crisps=chips autumn=autumn fall=fall soda=soda pop=soda
  everyday=daily ill=sick unwell=sick big=large huge=large little=small tiny=small quick=fast speedy=fast rapid=fast
  brief=short concise=short succinct=short terse=short lengthy=long detailed=detailed thorough=detailed verbose=long
  fixed=resolved solved=resolved mended=resolved repaired=resolved settled=resolved finished=completed done=completed
  complete=completed ended=completed offline=down unavailable=unavailable locked=locked online=up
  shuttered=closed dismissed=closed reimbursed=refunded blocked=blocked succeeded=passing passed=passing passes=passing
  failed=failing fails=failing broken=broken busted=broken activated=active deactivated=inactive
  switched-on=on switched-off=off turned-on=on turned-off=off employee=employee staff=employee member=person
  people=person participant=person attendee=person engineer=engineer seat=seat licence=license vegetarians=vegetarian
  cent=cent bucks=dollar buck=dollar quid=pound veg=vegetable veggies=vegetable dish=dish meal=meal
  lefty=left-handed southpaw=left-handed postponed=delayed deferred=delayed scrapped=canceled axed=canceled called-off=canceled
  coeliac=celiac veterinarian=vet spectacles=glasses scared=afraid frightened=afraid terrified=afraid pal=friend bestie=friend gf=girlfriend bf=boyfriend`);

const IRREGULAR_PLURALS =
  pairs(`children=child men=man women=woman people=person feet=foot teeth=tooth mice=mouse geese=goose
  wives=wife lives=life knives=knife leaves=leaf shelves=shelf wolves=wolf halves=half loaves=loaf selves=self
  criteria=criterion phenomena=phenomenon indices=index analyses=analysis crises=crisis bases=basis`);

/** They end in -s without being a plural, or mean something else without it. */
const NO_PLURAL = new Set(
  `upstairs downstairs indoors outdoors upwards besides
  tennis news series species bus gas lens always sometimes perhaps this his its as is was has does us yes plus less
  business class glass boss address access status virus campus bonus focus process success princess dress press mass pass
  cross loss grass glasses kubernetes postgres redis paris texas chess physics mathematics politics economics athletics
  gymnastics aerobics diabetes asthma thanks afterwards headquarters los las james chris carlos lucas thomas nicholas
  iris doris alexis dennis jess hans jens niklas andreas mercedes christmas paypal aws ios macos https windows canvas
  netherlands philippines brussels athens naples wales dallas vegas minneapolis st cyprus laos honduras mars venus swiss
  express wireless basis axis crisis analysis diagnosis hypothesis thesis emphasis oasis maldives seychelles lotus cactus
  genius apparatus census consensus corpus nexus stimulus surplus syllabus asparagus hummus couscous molasses sunglasses`.split(
    /\s+/,
  ),
);

const NUMBERS = new Map(
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
  nineteen`
    .split(/\s+/)
    .map((word, at) => [word, at] as const),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, (at + 2) * 10] as const),
);
const ORDINALS = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth'
    .split(' ')
    .map((word, at) => [word, at + 1] as const),
);

/** "two", "twenty-one", "a dozen" as a number; undefined for everything else. */
export const numberOf = perWord((word): number | undefined => {
  if (/^\d[\d,]*(?:\.\d+)?$/.test(word)) return Number(word.replaceAll(',', ''));
  const scaled = /^(\d+(?:\.\d+)?)(k|m|bn)$/.exec(word);
  if (scaled !== null) return Number(scaled[1]) * { k: 1e3, m: 1e6, bn: 1e9 }[scaled[2] as 'k' | 'm' | 'bn'];
  const small = NUMBERS.get(word) ?? TENS.get(word);
  if (small !== undefined) return small;
  if (word === 'dozen') return 12;
  const dash = word.indexOf('-');
  const tens = TENS.get(word.slice(0, dash));
  const ones = NUMBERS.get(word.slice(dash + 1));
  return dash > 0 && tens !== undefined && ones !== undefined && ones < 10 ? tens + ones : undefined;
});

/** "third", "3rd" as a number. */
export function ordinalOf(word: string): number | undefined {
  const digits = /^(\d{1,3})(?:st|nd|rd|th)$/.exec(word);
  return digits === null ? ORDINALS.get(word) : Number(digits[1]);
}

/** Normal form of a noun, adjective or name. */
export const normalWord = perWord((word): string => {
  const known = SYNONYMS.get(word);
  if (known !== undefined) return known;
  const american = spell(word);
  const one = singular(american);
  return SYNONYMS.get(one) ?? SPELLINGS.get(one) ?? one;
});

/** The lemma where the word can be a verb ("smoking" is "smoke"), its normal form otherwise. */
export const lemmaOf = perWord((word): string => {
  const american = spell(word);
  const verb = readVerb(word)?.lemma ?? readVerb(american)?.lemma;
  if (verb !== undefined) return SYNONYMS.get(verb) ?? verb;
  if (/^[a-z]{4,}ing$/.test(american) && !american.endsWith('thing')) return unknownGerund(american);
  return normalWord(word);
});

function unknownGerund(word: string): string {
  const stem = word.slice(0, -3);
  if (stem.length < 3) return word;
  if (stem.at(-1) === stem.at(-2) && !/[lsz]/.test(stem.at(-1)!)) return stem.slice(0, -1);
  return stem;
}

function spell(word: string): string {
  const known = SPELLINGS.get(word);
  if (known !== undefined) return known;
  if (/^[a-z]{3,}(?:ise|ised|ises|ising|isation)$/.test(word) && !KEEP_S.test(word))
    return word.replace(/is(e|ed|es|ing|ation)$/, 'iz$1');
  if (/^[a-z]{3,}our(?:s|ed|ite|ites)?$/.test(word) && !KEEP_OUR.test(word)) return word.replace('our', 'or');
  return word;
}

const KEEP_S =
  /^(?:exerc|adv|prom|rev|superv|telev|surpr|compr|desp|enterpr|franch|disgu|prec|conc|par|otherw|clockw|prem|treat|exp|merchand|cru|ra|pra|no|po|adverti)is/;
const KEEP_OUR = /^(?:four|hour|your|tour|pour|flour|sour|detour|contour|velour|glamour|devour|scour|colour)/;

function singular(word: string): string {
  const irregular = IRREGULAR_PLURALS.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || !word.endsWith('s') || NO_PLURAL.has(word) || !/^[a-z-]+$/.test(word)) return word;
  if (word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (word.endsWith('ies') && word.length > 4)
    return /^(?:movies|cookies|pies|ties|lies|zombies|calories|brownies|smoothies|hoodies|selfies)$/.test(word)
      ? word.slice(0, -1)
      : `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses|zes)$/.test(word)) return word.slice(0, -2);
  if (/(?:atoes|otoes|eroes|choes|mangoes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
