import { ANYONE, SPEAKER_OR_PERSON } from './rule.js';
import type { Rule } from './rule.js';

const KIN =
  '(?:husband|wife|boyfriend|girlfriend|brother|sister|father|mother|dad|mom|mum|son|daughter|kid|child|baby|twin|twins|uncle|aunt|nephew|niece|cousin|grandfather|grandmother|grandson|granddaughter|grandma|grandpa|partner|spouse|fianc[ée]e?|friend|roommate|flatmate|neighbou?r|boss|manager|supervisor|colleague|coworker|co-worker|teammate|mentor|coach|teacher|doctor|dentist|therapist|assistant|landlord|stepson|stepdaughter|stepmother|stepfather|sibling|ex|[a-z]+-in-law|parent|in-law)';
const PET =
  '(?:dog|cat|puppy|kitten|hamster|rabbit|bunny|parrot|bird|goldfish|fish|turtle|tortoise|snake|lizard|gecko|horse|pony|guinea pig|ferret|chicken|goat|pig|hedgehog|labrador|lab|poodle|beagle|corgi|husky|dachshund|retriever|terrier|bulldog|pug|chihuahua|shepherd|spaniel|pet|pup|kitty)s?';
const NATIONALITY =
  /^(?:originally |half |part |a native )?(?:american|british|english|scottish|irish|welsh|french|german|italian|spanish|portuguese|dutch|belgian|swiss|austrian|polish|czech|slovak|hungarian|romanian|bulgarian|greek|turkish|russian|ukrainian|swedish|norwegian|danish|finnish|icelandic|canadian|mexican|brazilian|argentinian|chilean|colombian|peruvian|venezuelan|cuban|chinese|japanese|korean|vietnamese|thai|indian|pakistani|bangladeshi|nepali|indonesian|malaysian|filipino|australian|egyptian|moroccan|nigerian|kenyan|ethiopian|ghanaian|south african|israeli|lebanese|iranian|iraqi|syrian|jewish|muslim|christian|catholic|buddhist|hindu|atheist|agnostic)\b(?! (?:food|films?|movies?|music|class|homework))/;

/** Name, age, birth, origin, contact. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    id: 'pet.name',
    memoryType: 'fact',
    about: ['thing', 'person'],
    verbs: ['be'],
    subject: new RegExp(`\\b(?:my|our|his|her|their|your|'s) (?:[\\w-]+ ){0,2}${PET}'s names?$`),
  },
  {
    id: 'relationship.kin_name',
    memoryType: 'relationship',
    about: ['thing', 'person'],
    verbs: ['be'],
    subject: new RegExp(`\\b${KIN}s?'s? names?$`),
  },
  {
    id: 'identity.name',
    memoryType: 'fact',
    about: ['thing'],
    verbs: ['be'],
    subject:
      /^(?:my|our|his|her|your|the user's) (?:full |first |last |middle |real |maiden |nick)?(?:name|nickname|surname)$/,
  },
  {
    id: 'identity.called',
    memoryType: 'fact',
    about: ['speaker'],
    verbs: ['be', 'go'],
    rest: /^(?:called|named|known as|by) (?!it\b|that\b|the\b)\w/,
  },
  {
    id: 'identity.is_name',
    memoryType: 'fact',
    about: ['speaker'],
    verbs: ['be'],
    rest: /^[a-z][\w'-]+(?: [a-z][\w'-]+)?$/,
    tense: 'present',
    needs: ['names_only'],
  },
  {
    id: 'identity.call_me',
    memoryType: 'fact',
    about: ['imperative'],
    verbs: ['call'],
    rest: /^me \w+$/,
    needs: ['name'],
  },
  {
    id: 'identity.age',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['be', 'turn'],
    rest: /^(?:now |about |almost |turning )?(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)(?:$|[ -](?:years?|months?|weeks?)[ -]olds?\b|(?= (?:now|and|today|yesterday|this|last|next|in|on)\b))/,
  },
  {
    id: 'identity.age_noun',
    memoryType: 'fact',
    about: ['thing'],
    verbs: ['be'],
    subject: /\bage$/,
    needs: ['figure'],
  },
  {
    id: 'identity.born',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['be', 'bear'],
    rest: /^(?:born|raised|born and raised|brought up) (?:and raised )?(?:in|on|at|near|to)\b|^(?:in|on) \w+/,
    subject: /./,
    unless: /^(?:in|on) (?!.*\bborn\b)/,
  },
  {
    id: 'identity.birthday',
    memoryType: 'fact',
    about: ['thing'],
    verbs: ['be'],
    subject: /\b(?:birthday|birth date|date of birth|anniversary|zodiac sign|star sign)$/,
  },
  {
    id: 'identity.origin',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['be', 'come', 'hail'],
    rest: /^(?:originally )?from (?!it\b|this\b|that\b|here\b|there\b|the (?:same|start|beginning)\b|(?:home|work)\b)/,
    progressive: false,
    needs: ['name'],
  },
  {
    id: 'identity.grew_up',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['grow'],
    rest: /^up (?:in|on|near|with|speaking|playing)\b/,
    tense: 'past',
  },
  { id: 'identity.nationality', memoryType: 'fact', about: ANYONE, verbs: ['be'], rest: NATIONALITY },
  {
    id: 'identity.measure',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['weigh', 'be', 'stand', 'wear'],
    rest: /^(?:about |around |almost )?\d+(?:'|(?:\.\d+)? ?(?:cm|kg|kilos?|pounds|lbs|feet|foot|ft|m tall|meters|metres)\b)|^(?:a )?size \d/,
  },
  {
    id: 'identity.contact',
    memoryType: 'fact',
    about: ['thing'],
    verbs: ['be'],
    subject:
      /^(?:my|our|his|her|their|your|[a-z]+'s) (?:[\w-]+ ){0,2}(?:phone|number|phone number|email|e-mail|email address|address|handle|username|user id|customer id|account|account number|id|timezone|time zone|postcode|zip code|pronouns|height|weight|shoe size|size|license plate)$/,
  },
];

/** Family, partners, friends, and how third persons stand to each other. */
export const RELATIONSHIP_RULES: readonly Rule[] = [
  {
    id: 'relationship.married',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['be', 'get'],
    rest: /^(?:happily |recently |newly |back )?(?:married|engaged|divorced|separated|widowed|single|dating|in a relationship|remarried)\b(?! (?:in the|with (?:it|the)))/,
  },
  {
    id: 'relationship.marry',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['marry', 'divorce', 'date'],
    rest: /^(?!it\b|this\b|that\b)\w/,
  },
  {
    id: 'relationship.split',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['break', 'split', 'fall', 'get'],
    rest: /^(?:up with|in love with|back together with|to know) (?!it\b|you\b|this\b|that\b)\w/,
    tense: 'past',
  },
  {
    id: 'relationship.has_kin',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['have', 'get'],
    rest: new RegExp(
      `^(?:got )?(?:an? |one |two |three |four |five |six |\\d+ |no |any |several )(?:[\\w-]+ ){0,2}${KIN}(?:s|ren)?\\b(?! (?:to |of (?!mine)|appointment|meeting|visit|office|call|system|interview|request|portal|account|ticket|issue|complaint|role|position|job))`,
    ),
    progressive: false,
  },
  {
    id: 'relationship.has_children',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['have'],
    rest: /^(?:\w+ ){0,2}(?:children|grandchildren|kids|siblings|twins)\b/,
  },
  {
    id: 'relationship.is_kin',
    memoryType: 'relationship',
    about: ['person'],
    verbs: ['be', 'become'],
    rest: new RegExp(
      `^(?:(?:my|our|his|her|their|your|[a-z]+'s) (?:[\\w-]+ ){0,2}${KIN}s?\\b|(?:best |close |good |old )?(?:friends|siblings|cousins|colleagues|coworkers|roommates|neighbou?rs|twins|sisters|brothers|partners|teammates|rivals)\\b)`,
    ),
  },
  {
    id: 'relationship.introduced',
    memoryType: 'relationship',
    about: ['this'],
    verbs: ['be'],
    rest: new RegExp(`^(?:my|our) (?:[\\w-]+ ){0,2}${KIN}\\b`),
    needs: ['name'],
  },
  {
    id: 'relationship.kin_is',
    memoryType: 'relationship',
    about: ['person', 'thing'],
    verbs: ['be'],
    subject: new RegExp(`^(?:my|our|his|her|their|your|[a-z]+'s|the user's) (?:[\\w-]+ ){0,2}${KIN}$`),
    rest: /^(?:called |named )?[a-z][\w'-]+(?: [a-z][\w'-]+)?$/,
    needs: ['name'],
  },
  {
    id: 'relationship.works_with',
    memoryType: 'relationship',
    about: ['person', 'speaker'],
    verbs: ['report', 'manage', 'mentor', 'supervise', 'coach'],
    rest: /^(?:to |with )?(?!it\b|this\b|that\b|how\b|what\b|you\b|the feeling\b)\w/,
    needs: ['name'],
    progressive: false,
    modals: /^$/,
  },
  {
    id: 'relationship.met',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['meet'],
    rest: new RegExp(`^(?:my|our|his|her|their) (?:[\\w-]+ ){0,2}${KIN}\\b`),
    tense: 'past',
  },
  {
    id: 'relationship.expecting',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['be', 'expect', 'have'],
    rest: /^(?:pregnant\b|expecting (?:an?|our|my|her|their|twins)\b|(?:an?|our|twins|our \w+) (?:baby|child|kid|twins)\b)/,
  },
  {
    id: 'relationship.lives_with',
    memoryType: 'relationship',
    about: ANYONE,
    verbs: ['live', 'stay'],
    rest: new RegExp(
      `^(?:alone|(?:together )?with (?:my|our|his|her|their|an?|two|three) (?:[\\w-]+ ){0,2}(?:${KIN}|parents|family|kids|children)s?)\\b`,
    ),
  },
];

/** Animals and things that somebody has. */
export const POSSESSION_RULES: readonly Rule[] = [
  {
    id: 'pet.has',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['have', 'own', 'adopt', 'get', 'rescue', 'foster', 'keep', 'buy', 'raise', 'lose'],
    rest: new RegExp(
      `^(?:got )?(?:an? |one |two |three |four |five |\\d+ |the |my |our |no |any |some )(?:[\\w-]+ ){0,3}${PET}\\b(?! (?:food|show|person|shelter|park|toy|bed))`,
    ),
  },
  {
    id: 'pet.called',
    memoryType: 'fact',
    about: ['thing', 'person'],
    verbs: ['be'],
    subject: new RegExp(`^(?:my|our|his|her|their|your) (?:[\\w-]+ ){0,2}${PET}(?: \\w+)?$`),
    rest: /^(?!so\b|the best\b|great|awesome|amazing|cute|adorable)\w/,
  },
  {
    id: 'possession.drives',
    memoryType: 'fact',
    about: ANYONE,
    verbs: ['drive', 'own', 'possess', 'ride', 'rent', 'lease'],
    rest: /^(?:an? |my |our |two |three |\d+ )(?!lot\b|bit\b)\w/,
    tense: 'present',
    progressive: false,
    perfect: false,
  },
  {
    id: 'possession.has',
    memoryType: 'fact',
    about: SPEAKER_OR_PERSON,
    verbs: ['have'],
    rest: /^(?:got )?(?:an? |one |two |three |four |five |six |seven |eight |nine |ten |\d+ |my own |our own )(?:[\w-]+ ){0,3}(?:cars?|vans?|trucks?|bikes?|bicycles?|motorcycles?|boats?|houses?|apartments?|flats?|condos?|cabins?|cottages?|gardens?|yards?|laptops?|macbooks?|phones?|iphones?|ipads?|computers?|pcs?|monitors?|cameras?|guitars?|pianos?|violins?|keyboards?|collections?|tattoos?|scars?|stores?|shops?|companys?|company|business|businesses|startups?|blogs?|channels?|podcasts?|websites?|accounts?|subscriptions?|memberships?|insurance|licen[cs]es?|passports?|visas?|degrees?|phd|masters?|bachelors?|certificates?|certifications?|servers?|plants?|tesla|bookshelf|bookcase|library|telescopes?|consoles?|tablets?|watches|watch|drones?|pools?|mortgages?|loans?|budgets?|offices?|studios?)\b/,
    tense: 'present',
  },
  { id: 'possession.had', memoryType: 'fact', about: ANYONE, verbs: ['have', 'own', 'drive'], modals: /^used to$/ },
  {
    id: 'possession.parted',
    memoryType: 'event',
    about: ANYONE,
    verbs: ['sell', 'donate', 'trade', 'give'],
    rest: /^(?:away )?(?:my|our|his|her|their|the) (?!best\b|all\b)\w/,
    tense: 'past',
    unless: /^(?:my|our|the) (?:support|love|opinion|time|attention|best)\b/,
  },
  {
    id: 'possession.bought',
    memoryType: 'event',
    about: ANYONE,
    verbs: ['buy', 'purchase', 'order', 'acquire', 'inherit', 'lease'],
    rest: /^(?:an? |my |our |the |some |two |three |\d+ |new )\w/,
    tense: 'past',
  },
  {
    id: 'possession.bought_recently',
    memoryType: 'event',
    about: ANYONE,
    verbs: ['buy', 'purchase', 'order', 'acquire', 'inherit'],
    rest: /^(?:an? |my |our |the |some |two |three |\d+ |new )\w/,
    perfect: true,
  },
];
