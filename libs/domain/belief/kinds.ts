/** Which word is a narrower case of which: a cardiologist is a doctor, Ottawa lies in Canada. */

const KINDS: Readonly<Record<string, string>> = {
  doctor:
    'cardiologist surgeon pediatrician dermatologist neurologist psychiatrist oncologist radiologist gp anesthesiologist gynecologist ophthalmologist urologist dentist orthopedist pathologist internist',
  scientist:
    'physicist chemist biologist geologist astronomer botanist zoologist ecologist neuroscientist meteorologist statistician researcher',
  engineer: 'programmer architect technician',
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
  car: 'sedan suv hatchback convertible tesla toyota honda ford bmw audi volkswagen golf corolla civic mazda subaru volvo hyundai kia nissan mercedes porsche jeep renault peugeot fiat prius camry fiesta focus polo passat skoda octavia mini',
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
  europe:
    'germany france italy spain portugal ireland netherlands belgium switzerland austria poland sweden norway denmark finland greece hungary england',
  asia: 'japan china india thailand vietnam korea indonesia singapore malaysia philippines',
  africa: 'egypt kenya nigeria morocco ghana ethiopia tunisia',
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
