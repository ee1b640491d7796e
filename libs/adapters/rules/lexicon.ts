/** Closed word classes that the shallow parser needs. Everything here is lower case. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

export const SPEAKER_WORDS = words('i we');
export const POSSESSIVES = words('my our your his her their its');
export const DETERMINERS = words('the a an this that these those every each both all some any no another most');
export const COORDINATORS = words('and but or so plus yet then nor');
/** They begin a clause that explains the one before; unmatched, it stays with that one. */
export const EXPLAINERS = words("because 'cause cause cuz bc coz although though whereas");
/** They open a condition or a circumstance before the main clause. */
export const OPENERS = words('if when whenever once unless after before while since although though as until because');
export const PREPOSITIONS = words(
  'on in at during for since until after before from by with over about around through despite throughout within besides instead according outside inside back earlier later',
);
export const TIME_OPENERS = words(
  'yesterday today tonight tomorrow last next this every each one two three recently lately these nowadays currently ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december',
);

export const MODALS = words("will would can could may might must should shall 'll 'd ca wo gonna gotta");
export const BE_FORMS = words("am is are was were be been being 'm 're");
export const NEGATIONS = words("not n't never");

export const ADVERBS =
  words(`really very so quite pretty super totally absolutely definitely truly actually honestly just also still
  already always usually normally typically generally often sometimes rarely seldom occasionally never ever now currently recently lately
  finally soon probably maybe perhaps possibly mostly mainly only even too especially particularly kinda kind sort simply basically
  literally secretly personally definetly deeply strongly greatly extremely incredibly genuinely obviously apparently allegedly supposedly
  unfortunately luckily fortunately sadly surprisingly again first almost nearly both all eventually immediately suddenly
  completely fully successfully officially originally initially previously formerly long since yet rather much sooo soo quickly slowly happily
  therefore however consequently regularly frequently constantly hardly barely accidentally temporarily permanently severely mildly highly well
  not strictly primarily proudly kindly please regularly anymore newly partly automatically manually`);

/** Words that may stand before the statement without being part of it. */
export const INTERJECTIONS =
  words(`yeah yes yep yup no nope nah well oh ah wow hey hi hello ok okay sure haha lol hmm um uh so and but also
  thanks thank great cool awesome nice amazing right exactly absolutely definitely congrats congratulations btw fyi plus or then actually
  honestly anyway anyways besides sorry good guess guys dude man buddy gosh omg yay woohoo woo-hoo alright true fair indeed personally
  fantastic wonderful perfect excellent sweet ooh aw aww hooray yo morning evening sounds that's welcome agreed totally
  frankly basically furthermore moreover additionally lastly secondly firstly first second next meanwhile unfortunately luckily
  fortunately sadly apparently correction update ps p.s again you're`);

/** A sentence that opens so and says nothing else is manners, not a statement. */
export const GREETINGS = words(
  'hi hey hello thanks thank thx cheers bye goodbye welcome congrats congratulations sorry please good nice great',
);

export const MALE_KIN = words(
  'husband boyfriend brother father dad daddy son grandfather grandpa granddad uncle nephew fiancé stepfather stepdad stepson grandson brother-in-law father-in-law son-in-law groom twin-brother',
);
export const FEMALE_KIN = words(
  'wife girlfriend sister mother mom mum mommy mama daughter grandmother grandma granny aunt niece fiancée stepmother stepmom stepdaughter granddaughter sister-in-law mother-in-law daughter-in-law bride',
);
export const NEUTRAL_KIN = words(
  'partner spouse fiance child kid baby toddler sibling twin cousin parent grandparent grandchild friend bestie roommate flatmate housemate neighbor neighbour ex bf gf',
);
export const ROLE_NOUNS = words(
  'boss manager supervisor colleague coworker co-worker teammate mentor mentee coach teacher tutor professor advisor therapist doctor dentist lawyer accountant landlord landlady tenant client customer user employee assistant intern investor team nurse trainer instructor vet director founder ceo cto agent principal nanny babysitter student patient guest engineer designer developer vendor supplier contractor lead board committee company management staff department council',
);
export const PLURAL_PEOPLE = words(
  'parents kids children siblings sisters brothers sons daughters friends cousins twins grandparents grandchildren neighbors neighbours colleagues coworkers roommates customers users clients people folks employees students in-laws triplets',
);
export const PETS = words(
  'dog cat puppy kitten hamster rabbit bunny parrot bird goldfish fish turtle tortoise snake lizard gecko horse pony guinea-pig ferret chicken goat pig hedgehog iguana cockatiel budgie labrador lab poodle beagle corgi husky dachshund retriever terrier bulldog pug chihuahua shepherd spaniel tabby siamese pet pup kitty rat mouse',
);

/** Capitalised at the start of a sentence without being a name. */
export const NOT_NAMES =
  words(`what that this these those there here it its let lets who where when why how which if as to of for in on at by
  with from up out about just really very so sorry hope hopefully glad happy good great nice cool awesome amazing sounds looks seems
  thanks thank congrats yes no yeah please keep take make get go see look stay don do can could would will should may might must
  maybe perhaps every each all some any most many much more few both either neither one two three monday tuesday wednesday thursday friday
  saturday sunday everything something nothing anything everyone someone anyone nobody somebody anybody things life such not never always
  lol haha wow oh hey hi hello well ok okay i you he she we they my your his her our their the a an and or but because even still
  today tomorrow yesterday tonight last next believe imagine remember right exactly absolutely definitely totally same guess way
  january february march april june july august september october november december being having doing going hard fingers`);

export const DAYS = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';
export const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december';
