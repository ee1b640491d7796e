/** Which word is a narrower case of which: a cardiologist is a doctor, Ottawa lies in Canada. */

const KINDS: Readonly<Record<string, string>> = {
  doctor:
    'cardiologist surgeon pediatrician dermatologist neurologist psychiatrist oncologist radiologist gp anesthesiologist gynecologist ophthalmologist urologist dentist orthopedist pathologist internist',
  scientist:
    'physicist chemist biologist geologist astronomer botanist zoologist ecologist neuroscientist meteorologist statistician researcher',
  engineer: 'programmer architect technician devops-engineer',
  teacher: 'professor lecturer tutor instructor',
  artist: 'painter sculptor musician illustrator singer photographer',
  musician: 'pianist guitarist violinist drummer cellist singer flutist bassist trumpeter saxophonist',
  writer: 'novelist poet journalist author screenwriter blogger columnist',
  lawyer: 'barrister solicitor prosecutor paralegal',
  athlete: 'swimmer runner cyclist footballer gymnast boxer',
  medic: 'doctor nurse paramedic',
  sport:
    'tennis football basketball volleyball hockey baseball rugby cricket golf swimming running badminton squash handball surfing skiing boxing judo karate climbing cycling rowing fencing gymnastics athletics softball lacrosse polo triathlon wrestling',
  instrument:
    'guitar piano violin drum flute cello trumpet saxophone clarinet harp bass ukulele banjo viola oboe trombone accordion keyboard organ',
  pet: 'dog cat rabbit hamster parrot goldfish fish snake bird turtle tortoise lizard gecko horse guinea-pig ferret hedgehog budgie canary',
  animal:
    'pet dog cat rabbit hamster parrot fish snake bird turtle horse cow pig sheep goat lion tiger elephant bear wolf fox insect reptile',
  dog: 'poodle labrador beagle corgi husky dachshund terrier bulldog pug chihuahua spaniel retriever shepherd collie greyhound dalmatian',
  cat: 'siamese tabby persian bengal sphynx',
  bird: 'parrot budgie canary chicken cockatiel pigeon sparrow eagle owl finch',
  fruit:
    'apple banana orange strawberry mango grape pear peach cherry kiwi pineapple lemon lime blueberry raspberry melon watermelon plum apricot fig papaya',
  vegetable:
    'carrot broccoli spinach tomato cucumber onion potato pepper kale cabbage cauliflower zucchini lettuce eggplant celery leek asparagus pea bean',
  nut: 'peanut almond walnut cashew hazelnut pecan pistachio macadamia',
  seafood: 'shrimp prawn crab lobster oyster clam mussel fish squid shellfish scallop octopus',
  shellfish: 'shrimp prawn crab lobster oyster clam mussel scallop',
  fish: 'salmon tuna cod trout sardine mackerel herring anchovy',
  meat: 'beef pork chicken lamb turkey bacon ham sausage steak veal duck venison poultry',
  dairy: 'milk cheese yogurt butter cream',
  alcohol: 'beer wine whiskey vodka gin rum cocktail champagne tequila cider spirit',
  drink: 'tea coffee water juice soda beer wine milk lemonade cola',
  coffee: 'espresso latte cappuccino americano macchiato decaf mocha',
  music:
    'jazz rock pop classical hip-hop blues country metal techno reggae folk opera soul punk house rap indie electronic',
  film: 'comedy thriller horror documentary western musical drama',
  book: 'novel biography thriller memoir textbook',
  game: 'chess poker checkers minecraft scrabble monopoly go sudoku bridge',
  vehicle: 'car bicycle motorcycle truck van scooter bus suv pickup tractor boat',
  car: 'sedan suv hatchback convertible tesla toyota honda ford bmw audi volkswagen golf corolla civic mazda subaru volvo hyundai kia nissan mercedes porsche jeep renault peugeot fiat prius camry fiesta focus polo passat skoda octavia mini seat opel citroën citroen dacia suzuki mitsubishi lexus chevrolet saab',
  computer: 'laptop desktop macbook thinkpad chromebook pc',
  phone: 'iphone pixel galaxy smartphone',
  language:
    'english german french spanish italian portuguese dutch polish russian japanese chinese korean swedish arabic hindi mandarin',
  flower: 'rose tulip lily daisy orchid sunflower daffodil violet',
  dance: 'salsa tango ballet hip-hop waltz swing zumba',
  sibling: 'brother sister',
  child: 'son daughter',
  parent: 'mother father',
  'family-member': 'brother sister mother father son daughter',
  exercise: 'run swim cycle yoga pilates gym walk lift jog row',
  database: 'mysql postgres sqlite mongodb redis cassandra mariadb',
  weekend: 'w=sat w=sun',
  cancer: 'leukemia lymphoma melanoma',
  diabetes: 'type-2-diabetes',
  pasta: 'spaghetti lasagna penne ravioli macaroni',
  cheese: 'cheddar brie feta mozzarella gouda parmesan',
  snack: 'chips cookie cracker popcorn',
  sweets: 'chocolate candy cake cookie',
  dessert: 'cake pie tiramisu ice-cream pudding brownie',
  healthcare: 'doctor nurse paramedic midwife pharmacist physiotherapist dentist caregiver medic surgeon therapist',
  medicine: 'doctor nurse surgeon',
  teaching: 'teacher',
  finance: 'accountant banker auditor trader actuary economist broker',
  banking: 'banker teller',
  tech: 'programmer engineer',
  it: 'programmer engineer sysadmin administrator',
  software: 'programmer engineer',
  law: 'lawyer judge notary',
  hospitality: 'waiter waitress chef bartender receptionist cook barista hotelier',
  construction: 'plumber electrician carpenter bricklayer builder roofer mason architect welder',
  'construction worker': 'bricklayer roofer mason carpenter',
  craftsman: 'carpenter plumber electrician joiner mason blacksmith potter tailor cobbler goldsmith roofer',
  retail: 'cashier shopkeeper salesperson',
  media: 'journalist editor reporter photographer',
  farmer: 'winegrower beekeeper',
  'health professional': 'doctor nurse midwife physiotherapist pharmacist',
  therapist: 'psychologist physiotherapist psychotherapist',
  manager: 'director',
  student: 'undergraduate freshman sophomore phd-student',
  'slavic language': 'czech polish russian ukrainian slovak serbian croatian bulgarian slovenian',
  'romance language': 'spanish french italian portuguese romanian catalan',
  'germanic language': 'german dutch swedish danish norwegian icelandic english',
  'asian language': 'japanese korean mandarin chinese vietnamese thai hindi',
  'scandinavian language': 'swedish danish norwegian',
  'programming language':
    'python java javascript typescript rust go ruby php kotlin swift c c++ c# scala elixir haskell perl clojure dart',
  'italian food': 'pizza pasta lasagna risotto gnocchi spaghetti carbonara ravioli',
  'japanese food': 'sushi ramen tempura udon miso sashimi',
  'mexican food': 'taco burrito quesadilla enchilada nachos fajita',
  'indian food': 'curry samosa naan biryani dal dosa',
  'chinese food': 'dumpling dim-sum chow-mein',
  'asian food': 'sushi ramen curry dumpling pho pad-thai',
  'fast food': 'burger fries hot-dog kebab pizza',
  'hot drink': 'tea coffee cocoa espresso latte',
  'soft drink': 'cola lemonade soda',
  'red meat': 'beef lamb pork steak venison',
  'citrus fruit': 'orange lemon lime grapefruit mandarin',
  citrus: 'orange lemon lime grapefruit mandarin',
  berry: 'strawberry blueberry raspberry blackberry cranberry gooseberry',
  'string instrument': 'guitar violin cello viola harp bass ukulele banjo mandolin lute',
  'wind instrument': 'flute clarinet oboe trumpet trombone saxophone horn tuba bassoon',
  'brass instrument': 'trumpet trombone horn tuba',
  'team sport': 'football basketball volleyball hockey handball rugby cricket baseball lacrosse',
  'ball game': 'football basketball volleyball tennis handball rugby',
  'racket sport': 'tennis squash badminton padel',
  'winter sport': 'skiing snowboarding ice-skating curling',
  'water sport': 'swimming surfing sailing rowing kayaking diving kitesurfing',
  'martial art': 'judo karate taekwondo aikido boxing kickboxing jiu-jitsu',
  'board game': 'chess go monopoly scrabble checkers backgammon catan',
  'card game': 'poker bridge rummy skat',
  'public transport': 'bus train tram subway metro ferry',
  'electric car': 'tesla',
  'german car': 'bmw audi volkswagen golf mercedes porsche opel',
  'japanese car': 'toyota honda mazda subaru nissan suzuki mitsubishi',
  'cloud provider': 'aws azure gcp hetzner digitalocean linode',
  'relational database': 'mysql postgres sqlite mariadb oracle cockroachdb',
  'nosql database': 'mongodb redis cassandra dynamodb couchdb',
  'chat app': 'slack teams discord telegram whatsapp signal',
  'messaging app': 'telegram whatsapp signal messenger',
  'streaming service': 'netflix hulu spotify deezer tidal',
  'social media': 'facebook instagram tiktok twitter linkedin',
  painkiller: 'ibuprofen paracetamol aspirin naproxen codeine',
  antibiotic: 'penicillin amoxicillin doxycycline',
  reptile: 'snake turtle tortoise lizard gecko iguana',
  rodent: 'hamster mouse rat guinea-pig gerbil chinchilla',
  tree: 'oak pine birch maple willow ash beech',
  'classical music': 'opera baroque',
  'outdoor activity': 'hiking climbing camping',
  'heart condition': 'arrhythmia',
  'heart disease': 'arrhythmia',
  'autoimmune disease': 'lupus coeliac celiac psoriasis',
  furniture: 'sofa table chair desk bed wardrobe bookshelf couch armchair',
  house: 'bungalow cottage villa farmhouse townhouse',
  boat: 'sailboat yacht kayak canoe dinghy',
  motorcycle: 'vespa harley ducati yamaha kawasaki',
  bicycle: 'e-bike tandem',
};

const PLACES: Readonly<Record<string, string>> = {
  germany:
    'berlin munich hamburg cologne frankfurt stuttgart dresden leipzig bremen hanover bonn nuremberg düsseldorf dusseldorf heidelberg freiburg bavaria',
  france: 'paris lyon marseille nice toulouse bordeaux lille nantes strasbourg montpellier rennes grenoble',
  italy: 'rome milan naples turin florence venice bologna genoa palermo verona sicily tuscany',
  spain: 'madrid barcelona valencia seville bilbao malaga granada zaragoza catalonia andalusia',
  portugal: 'lisbon porto coimbra braga faro',
  'united kingdom':
    'england scotland wales london manchester birmingham leeds bristol liverpool glasgow edinburgh cardiff belfast sheffield oxford cambridge york brighton nottingham newcastle bath leicester',
  england:
    'london manchester birmingham leeds bristol liverpool sheffield oxford cambridge york brighton nottingham newcastle bath leicester cornwall kent',
  scotland: 'glasgow edinburgh aberdeen dundee inverness',
  ireland: 'dublin cork galway limerick',
  'united states':
    'california texas florida ohio oregon colorado illinois michigan boston seattle chicago denver austin dallas houston portland miami atlanta phoenix philadelphia detroit minneapolis nashville baltimore pittsburgh cleveland brooklyn san-francisco los-angeles new-york las-vegas',
  california: 'san-francisco los-angeles san-diego oakland sacramento berkeley san-jose pasadena fresno',
  texas: 'austin dallas houston san-antonio el-paso',
  canada: 'toronto ottawa montreal vancouver calgary edmonton winnipeg halifax quebec ontario victoria alberta',
  australia: 'sydney melbourne brisbane perth adelaide canberra hobart darwin',
  'new zealand': 'auckland wellington christchurch dunedin',
  netherlands: 'amsterdam rotterdam utrecht eindhoven groningen leiden delft the-hague maastricht',
  belgium: 'brussels antwerp ghent bruges leuven liege',
  switzerland: 'zurich geneva basel bern lausanne lucerne zürich',
  austria: 'vienna graz salzburg innsbruck linz',
  poland: 'warsaw krakow gdansk wroclaw poznan lodz',
  sweden: 'stockholm gothenburg malmö malmo uppsala lund',
  norway: 'oslo bergen trondheim stavanger',
  denmark: 'copenhagen aarhus odense aalborg',
  finland: 'helsinki tampere turku espoo oulu',
  japan: 'tokyo osaka kyoto yokohama nagoya sapporo fukuoka kobe hiroshima',
  china: 'beijing shanghai shenzhen guangzhou chengdu wuhan hangzhou',
  india: 'delhi mumbai bangalore bengaluru chennai kolkata pune hyderabad jaipur ahmedabad kerala goa',
  brazil: 'rio são-paulo sao-paulo brasilia recife salvador',
  mexico: 'guadalajara monterrey puebla cancun',
  argentina: 'buenos-aires cordoba rosario mendoza',
  egypt: 'cairo alexandria luxor',
  turkey: 'istanbul ankara izmir antalya',
  greece: 'athens thessaloniki crete',
  'czech republic': 'prague brno',
  hungary: 'budapest',
  kenya: 'nairobi mombasa',
  nigeria: 'lagos abuja kano',
  'south africa': 'johannesburg durban pretoria cape-town',
  'south korea': 'seoul busan incheon',
  peru: 'lima cusco',
  chile: 'santiago valparaiso',
  colombia: 'bogota medellin cali',
  romania: 'bucharest cluj timisoara iasi',
  bulgaria: 'sofia plovdiv varna',
  croatia: 'zagreb split dubrovnik rijeka',
  serbia: 'belgrade',
  slovenia: 'ljubljana maribor',
  slovakia: 'bratislava kosice',
  ukraine: 'kyiv kiev lviv odesa kharkiv',
  russia: 'moscow saint-petersburg kazan',
  latvia: 'riga',
  lithuania: 'vilnius kaunas',
  estonia: 'tallinn tartu',
  iceland: 'reykjavik',
  luxembourg: 'esch',
  wales: 'cardiff swansea newport',
  'northern ireland': 'belfast derry',
  israel: 'tel-aviv jerusalem haifa',
  'united arab emirates': 'dubai abu-dhabi sharjah',
  thailand: 'bangkok chiang-mai phuket',
  vietnam: 'hanoi ho-chi-minh-city da-nang',
  indonesia: 'jakarta bali bandung',
  philippines: 'manila cebu',
  malaysia: 'kuala-lumpur penang',
  pakistan: 'karachi lahore islamabad',
  bangladesh: 'dhaka',
  taiwan: 'taipei',
  morocco: 'casablanca marrakesh rabat fez',
  tunisia: 'tunis sfax',
  ghana: 'accra kumasi',
  ethiopia: 'addis-ababa',
  tanzania: 'dar-es-salaam zanzibar arusha',
  uganda: 'kampala',
  senegal: 'dakar',
  ecuador: 'quito guayaquil',
  uruguay: 'montevideo',
  cuba: 'havana',
  bavaria: 'munich nuremberg augsburg regensburg würzburg passau',
  tuscany: 'florence pisa siena lucca livorno',
  sicily: 'palermo catania syracuse',
  provence: 'marseille avignon aix-en-provence arles',
  brittany: 'rennes brest quimper',
  normandy: 'rouen caen',
  catalonia: 'barcelona girona tarragona',
  andalusia: 'seville malaga granada cordoba cadiz',
  ontario: 'toronto ottawa hamilton',
  quebec: 'montreal quebec-city',
  'british columbia': 'vancouver victoria',
  florida: 'miami orlando tampa jacksonville',
  illinois: 'chicago',
  massachusetts: 'boston cambridge worcester',
  washington: 'seattle tacoma spokane',
  oregon: 'portland eugene salem',
  colorado: 'denver boulder',
  georgia: 'atlanta savannah tbilisi',
  pennsylvania: 'philadelphia pittsburgh',
  ohio: 'cleveland columbus cincinnati',
  michigan: 'detroit ann-arbor',
  minnesota: 'minneapolis duluth',
  tennessee: 'nashville memphis',
  scandinavia: 'sweden norway denmark',
  'middle east': 'israel jordan lebanon united-arab-emirates',
  balkans: 'croatia serbia bulgaria albania',
  'south america': 'brazil argentina chile peru colombia ecuador uruguay bolivia',
  'north america': 'canada united-states mexico',
  europe:
    'scotland wales croatia romania bulgaria ukraine serbia slovenia slovakia latvia lithuania estonia iceland luxembourg united-kingdom czech-republic germany france italy spain portugal ireland netherlands belgium switzerland austria poland sweden norway denmark finland greece hungary england',
  asia: 'japan china india thailand vietnam korea indonesia singapore malaysia philippines',
  africa: 'egypt kenya nigeria morocco ghana ethiopia tunisia south-africa tanzania uganda senegal',
};

const WIDER = new Map<string, Set<string>>();
for (const table of [KINDS, PLACES])
  for (const [wide, list] of Object.entries(table))
    for (const narrow of list.split(' '))
      WIDER.set(narrow.replaceAll('-', ' '), (WIDER.get(narrow.replaceAll('-', ' ')) ?? new Set()).add(wide));

/** Steps up that are followed: Munich, Germany, Europe. */
const STEPS_MAX = 3;

/** Is `narrow` a case of `wide`? Both in normal form. */
export function isKindOf(narrow: string, wide: string): boolean {
  let level = WIDER.get(narrow);
  for (let step = 0; step < STEPS_MAX && level !== undefined; step += 1) {
    if (level.has(wide)) return true;
    const next = new Set<string>();
    for (const name of level) for (const up of WIDER.get(name) ?? []) next.add(up);
    level = next.size > 0 ? next : undefined;
  }
  return false;
}

const WIDE_PLACES: ReadonlySet<string> = new Set(Object.keys(PLACES));
const DIRECTION =
  /^(?:north|south|east|west|northern|southern|eastern|western|central|north-east|north-west|south-east|south-west|middle|rural|downtown|greater|inner|coast|countryside|area|region|suburb|outskirt|center)$/;

const KIND_SIZES = new Map(Object.entries(KINDS).map(([wide, list]) => [wide, list.split(' ').length]));

/** The classes of things that a word names a case of, the smallest first; of places none. */
export function kindsOf(narrow: string): string[] {
  const wide = [...(WIDER.get(narrow) ?? [])].filter((name) => KIND_SIZES.has(name));
  return wide.sort((one, other) => KIND_SIZES.get(one)! - KIND_SIZES.get(other)!);
}

/** "South France" is some of France. */
export function withoutDirections(place: string): string {
  const words = place.split(' ').filter((word) => !DIRECTION.test(word));
  return words.length === 0 ? place : words.join(' ');
}

/** A country or a region whose places nobody can list. */
export const isWidePlace = (place: string): boolean => WIDE_PLACES.has(withoutDirections(place));

/** Is it a place of which we know where it lies? */
export const isKnownPlace = (place: string): boolean =>
  WIDE_PLACES.has(place) || [...(WIDER.get(place) ?? [])].some((wide) => WIDE_PLACES.has(wide));

/** Foods and drinks that a diet leaves out. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  vegetarian: ['meat', 'fish', 'seafood'],
  vegan: ['meat', 'fish', 'seafood', 'dairy', 'egg', 'honey'],
  pescatarian: ['meat'],
  'plant-based': ['meat', 'fish', 'dairy'],
  kosher: ['pork', 'shellfish'],
  halal: ['pork', 'alcohol'],
  'gluten-free': ['bread', 'wheat', 'gluten', 'pasta'],
  keto: ['bread', 'sugar', 'pasta'],
};

/** Does somebody on this diet not eat this? */
export function isExcludedBy(food: string, diet: string): boolean {
  const excluded = EXCLUDED[diet];
  return (
    excluded !== undefined &&
    food.split(' ').some((word) => excluded.some((wide) => word === wide || isKindOf(word, wide)))
  );
}
