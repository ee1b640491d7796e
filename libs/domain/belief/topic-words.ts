/** Words that tell how something is said and in which respect, as data: what is left of a statement without them is its topic. */

/** In which respect a thing is described. The words of one line may stand for each other ("due", "deadline", "submit"). */
const RESPECTS: Readonly<Record<string, string>> = {
  end: `due deadline cut-off cutoff close closing closure end ending finish expire expiry expiration submit submission hand
    return file complete completion ready latest deliver delivery turn overdue date limit window wrap conclude done owe`,
  start: 'start begin beginning open opening kick kickoff kick-off launch commence commencement depart departure leave',
  time: `hold take place happen occur schedule move push postpone reschedule bring shift slip delay defer extend extension
    meet meeting sit run time day date fall set plan book weekly daily monthly forward advance slot
    due go arrange fix appointment session event deadline begin end start slide prepone last`,
  price: `cost price pay payment charge fee worth sell buy purchase rate set pricey expensive cheap amount come quote bill
    rent ticket admission entry entrance free retail total value spend`,
  budget: `budget fund funding allocate allocation aside earmark spend spending money allowance grant pot set have approve
    raise reserve give available expense`,
  limit: `limit cap capped maximum minimum max most allow allowance exceed restrict restriction threshold ceiling quota
    capacity hold fit accommodate seat permit permitted weigh long longer weight timeout time most take support accept
    constrain ban`,
  count: `have own there consist contain number total count attend attendance order include include employ comprise
    headcount stock leave make count run receive register sign remain hold size see come turn up be`,
  owner: `own owner ownership charge responsible responsibility lead leader run handle manage maintain maintainer manager
    pass hand take inherit child hat torch look after oversee head supervise assign reassign care duty steer task
    accountable transfer give wear reign person point contact`,
  place: `location locate place hold situate base headquarters headquartered headquarter seat venue sit stand park keep store
    put move lie host happen site office live leave bring find stay spot lay shift relocate return address`,
  version: `version release edition upgrade update downgrade roll rollback pin pinned install latest current use run come
    ship bump move back stay work build revision stable still off upgraded finally`,
  tool: `use switch move migrate migration drop ditch replace track tracking handle manage run go work software tool program
    platform adopt transition rely through`,
  choice: `decide decision choose choice pick go opt settle select selection agree verdict vote award conclude resolve mind
    change after approve favor final stick prefer plan win winner`,
  share: `percent rate share proportion stand fall rise drop climb be account make portion level figure reach increase
    decrease grow shrink report response`,
  duration: 'take last long duration wait spend need run go minute hour require period length wait',
};

/** They tell nothing of their own, in whichever respect. */
const LIGHT = new Set(
  `user get make give say tell set still only current currently plan need want have let keep put say show report accord
  according announce confirm note mention state know think mean sorry wrong mistake correct correction misspeak
  error remember year today yesterday tomorrow finally up down out off back over around about away again instead new
  now since already yet just per each every all one both much many more most less least recently
  people person thing way kind sort number no. longer soon exactly roughly about nearly almost
  approximately least than be officially time first then while until till within before after between during per
  dozen hundred thousand several couple few some lot numerous various multiple under above against toward upon via according anyone everyone someone something anything nobody nothing one's mr mrs ms
  dr please day week month after all like also somewhat rather turn fact matter week's month's long go come going`.split(
    /\s+/,
  ),
);

const ENDINGS =
  /(?:ations?|itions?|ments?|nesses|ness|ings?|ances?|ences?|ers?|ors?|als?|ives?|ions?|ies|ied|ed|es|s|ly|y|e)$/;
const STEM_MIN_CHARS = 3;

const RESPECTS_OF = new Map<string, string[]>();
for (const [respect, list] of Object.entries(RESPECTS))
  for (const word of list.trim().split(/\s+/))
    RESPECTS_OF.set(stemOf(word), [...(RESPECTS_OF.get(stemOf(word)) ?? []), respect]);
const LIGHT_STEMS = new Set([...LIGHT].map(stemOf));

/** In which respects the word (a stem) may describe a thing; none when it names one. */
export const respectsOf = (stem: string): readonly string[] => RESPECTS_OF.get(stem) ?? [];

export const isLight = (stem: string): boolean => LIGHT_STEMS.has(stem);

/** What the forms of one word share: "train" of "training", "approv" of "approval" and "approved". */
export function stemOf(word: string): string {
  if (word.length <= STEM_MIN_CHARS || /[^a-z-]/.test(word)) return word;
  let stem = word;
  for (let round = 0; round < 2; round += 1) {
    const shorter = stem.replace(ENDINGS, '');
    if (shorter.length < STEM_MIN_CHARS || shorter === stem) break;
    stem = shorter;
  }
  return stem.length > STEM_MIN_CHARS && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem;
}
