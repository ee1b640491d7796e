// As merge-topics.mjs, in other words and of other things: kept back from whoever changes the rules, and looked at only
// for the final figure.
const people = 'Marta Nils Aisha Pedro Yuki Ewa Tom Lucia Igor Hana'.split(' ');
const towns = 'Basel Aarhus Gothenburg Nantes Verona Split Graz Bilbao'.split(' ');
const brands = 'Volvo Canon Lego Ikea Nestle Airbus'.split(' ');
const sports = 'tennis hockey volleyball rugby handball badminton'.split(' ');
const subjects = 'history biology maths geography'.split(' ');

const two = (pick, list) => {
  const first = pick(list);
  return [first, pick(list.filter((one) => one !== first))];
};
const number = (pick, least, most) => least + pick(Array.from({ length: most - least + 1 }, (_, at) => at));

export const mergeTopics = [
  {
    fill: (pick) => two(pick, towns),
    same: ([town]) => [`My flat is in ${town}`, `I have been living in ${town}`, `I reside in ${town}`],
    near: ([town, other]) => [
      `My office is in ${other}`,
      `My grandparents reside in ${town}`,
      `I may move to ${other}`,
    ],
  },
  {
    fill: (pick) => [...two(pick, people), ...two(pick, sports)],
    same: ([who, , sport]) => [`${who} loves ${sport}`, `${who} is fond of ${sport}`, `${who} enjoys ${sport} a lot`],
    near: ([who, other, sport, second]) => [`${other} loves ${sport}`, `${who} hates ${second}`],
  },
  {
    fill: (pick) => [pick(subjects), pick(people), pick(subjects)],
    same: ([what]) => [`I am a ${what} teacher`, `I'm a ${what} teacher`, `I work as a ${what} teacher`],
    near: ([what, who]) => [`${who} is a ${what} teacher`, `I dream of becoming a ${what} professor`],
  },
  {
    fill: (pick) => two(pick, brands),
    same: ([brand]) => [`I drive a ${brand}`, `My car is a ${brand}`, `I own a ${brand} car`],
    near: ([brand, other]) => [`I would like a ${other}`, `My neighbour drives a ${brand}`],
  },
  {
    fill: (pick) => [number(pick, 2, 5), number(pick, 6, 9), pick(people)],
    same: ([count]) => [`I have ${count} children`, `I've got ${count} kids`, `I am the parent of ${count} children`],
    near: ([count, other, who]) => [`${who} has ${count} children`, `I have ${other} cousins`],
  },
  {
    fill: (pick) => [number(pick, 3000, 5999), number(pick, 6000, 8999)],
    same: ([port]) => [
      `The server listens on port ${port}`,
      `The server is listening on port ${port}`,
      `The port of the server is ${port}`,
    ],
    near: ([port, other]) => [`The proxy listens on port ${port}`, `The metrics port is ${other}`],
  },
  {
    fill: (pick) => [pick(people), ...two(pick, brands)],
    same: ([who, brand]) => [
      `${who} is employed at ${brand}`,
      `${who} works for ${brand}`,
      `${who} is working at ${brand}`,
    ],
    near: ([who, brand, other]) => [`${who} left ${other}`, `${who} buys everything at ${brand}`],
  },
  {
    fill: (pick) => [number(pick, 1, 27), number(pick, 10, 99)],
    same: ([day, order]) => [
      `Order ${order} ships on ${day} June`,
      `Order ${order} will ship on ${day} June`,
      `Order ${order} is shipped on ${day} June`,
    ],
    near: ([day, order]) => [`Order ${order + 1} ships on ${day} June`, `Order ${order + 2} ships on ${day + 1} June`],
  },
  {
    fill: (pick) => two(pick, people),
    same: ([who]) => [`My best friend is ${who}`, `${who} is my best friend`, `My best friend's name is ${who}`],
    near: ([who, other]) => [`My best friend's sister is ${other}`, `${who} is not my brother`],
  },
  {
    fill: () => [],
    same: () => ['I am lactose intolerant', "I'm lactose intolerant", 'I have a lactose intolerance'],
    near: () => ['My daughter is lactose intolerant', 'I am gluten intolerant'],
  },
  {
    fill: (pick) => [pick(people), number(pick, 1, 28)],
    same: ([who, day]) => [
      `${who}'s birthday is on ${day} October`,
      `${who} has a birthday on ${day} October`,
      `The birthday of ${who} is ${day} October`,
    ],
    near: ([who, day]) => [`${who}'s exam is on ${day} October`, `My own birthday is on ${day} November`],
  },
  {
    fill: () => [],
    same: () => ['Keep answers short', 'Please keep your answers short', 'Always keep answers short'],
    near: () => ['Keep the meetings short', 'Never keep customers waiting'],
  },
  {
    fill: (pick) => two(pick, towns),
    same: ([town]) => [
      `The head office is located in ${town}`,
      `The head office is in ${town}`,
      `Our head office is in ${town}`,
    ],
    near: ([town, other]) => [`The warehouse is in ${town}`, `The head office moves to ${other} in May`],
  },
  {
    fill: (pick) => two(pick, sports),
    same: ([sport]) => [`I play ${sport} twice a week`, `I play ${sport} two times a week`],
    near: ([sport, other]) => [
      `I play ${other} once a week`,
      `My twin plays ${sport} twice a week`,
      `I watch ${sport} twice a week`,
    ],
  },
  ...[
    ['The gate is left open at night', 'The gate is never open at night'],
    ['I lent Tom 50 euros', 'Tom lent me 50 euros'],
    ['Coffee keeps me awake', 'Coffee does not keep me awake'],
    ['The bus to Basel leaves at 7:40', 'The bus to Basel leaves at 7:50'],
    ['The first draft is finished', 'The final draft is finished'],
    ['Use tabs in Python files', 'Use spaces in Python files'],
    ['My grandfather was a baker', 'My grandmother was a baker'],
    ['Lucia reports to Igor', 'Igor reports to Lucia'],
    ['The window faces south', 'The window faces north'],
    ['I should call the bank', 'I called the bank'],
    ['Room 12 has a projector', 'Room 21 has a projector'],
    ['The trial ends in June', 'The trial starts in June'],
  ].map(([one, other]) => ({ fill: () => [], same: () => [one], near: () => [other] })),
];
