// Statements to be merged and statements that only look alike, by topic. `fill` draws the values, `same` says one thing
// in several ways, `near` says others: each of them another thing than `same`, and than its neighbours.
const people =
  'Anna Ben Clara David Elena Farid Grace Hugo Ines Jonas Kira Liam Mona Noah Olga Pavel Rosa Samir Tessa Viktor'.split(
    ' ',
  );
const cities =
  'Berlin Leeds Oslo Porto Lyon Turin Gdansk Ghent Malmö Bristol Vienna Seville Krakow Utrecht Dresden Cork'.split(' ');
const foods = 'sushi ramen pizza lasagna curry tacos risotto falafel dumplings paella oatmeal pancakes'.split(' ');
const drinks = 'tea coffee lemonade cider cocoa'.split(' ');
const jobs = ['software engineer', 'nurse', 'teacher', 'carpenter', 'lawyer', 'data analyst', 'chef', 'architect'];
const firms = 'Siemens Bosch Lufthansa Ericsson Philips Nokia Zalando Spotify Adidas Michelin'.split(' ');
const pets = 'dog cat parrot rabbit hamster tortoise'.split(' ');
const petNames = 'Rex Luna Milo Bella Coco Oscar Nala Toby'.split(' ');
const languages = 'Spanish German Polish Japanese Swedish Arabic Dutch Korean'.split(' ');
const weekdays = 'Monday Tuesday Wednesday Thursday Friday'.split(' ');
const allergens = 'peanuts shellfish pollen penicillin gluten latex eggs soy'.split(' ');
const instruments = 'guitar piano violin cello drums flute'.split(' ');
const months = 'January February March April May June July August September October'.split(' ');
const things = ['report', 'proposal', 'invoice', 'prototype', 'budget plan', 'migration'];
const tools = 'Figma Notion Slack Jira Trello Postgres Redis Kubernetes'.split(' ');
const colours = 'green blue red yellow purple orange'.split(' ');

/** Two different values of a list. */
const two = (pick, list) => {
  const first = pick(list);
  return [first, pick(list.filter((one) => one !== first))];
};
const number = (pick, least, most) => pick(Array.from({ length: most - least + 1 }, (_, at) => least + at));

/** Statements that differ in few letters and tell two things. */
const apart = `
My wife works at Nokia | My husband works at Nokia
My mother lives in Leeds | My father lives in Leeds
I teach German | I learn German
Anna's brother is a nurse | Anna's sister is a nurse
My left knee hurts | My right knee hurts
The office opens at 9:00 | The office closes at 9:00
Ben borrowed the drill from Olga | Olga borrowed the drill from Ben
I paid the gas bill | I have to pay the gas bill
All tests pass | Some tests pass
The call moved from Monday to Tuesday | The call moved from Tuesday to Monday
I have an appointment with the dentist on 3 May | I have an appointment with the doctor on 3 May
The train leaves at 8:15 | The train arrives at 8:15
I bought a red bike | I bought a blue bike
I like working with Ben | I like working for Ben
Send the report to Ben | Send the report to Ben's manager
Anna owes Ben 20 euros | Ben owes Anna 20 euros
The key is under the mat | The key is on the mat
The API limit is 100 requests per minute | The API limit is 100 requests per second
My son goes to school in Oslo | My daughter goes to school in Oslo
I start work at 9 | I finish work at 9
We use Postgres for billing | We use Postgres for search
Deploy on Fridays only | Never deploy on Fridays
My flight to Oslo is on 3 May | My flight from Oslo is on 3 May
Invoice 12 was paid | Invoice 12 was not paid
The password of the router is alpha7 | The password of the printer is alpha7
Clara might join the team | Clara will join the team
I think Ben likes squid | Ben likes squid
Ben told me that the office is closed | The office is closed
I take 20 mg of aspirin | I take 40 mg of aspirin
I take aspirin in the morning | I take aspirin in the evening
The north door is locked | The south door is locked
I have two cats | I have three cats
My first son is Leo | My second son is Leo
Version 2.1 fixed the login bug | Version 2.2 fixed the login bug
I run every Monday | I run every Monday and Thursday
Anna is taller than Ben | Ben is taller than Anna
I was born in Leeds | I grew up in Leeds
I sold my car | I bought my car
Anna lent me a book | I lent Anna a book
I hardly drink coffee | I drink coffee
I gave up smoking | I smoke
I started vaping | I stopped vaping
I ate too much today | I ate too little today
Anna helps Ben with maths | Ben helps Anna with maths
The upper shelf is for books | The lower shelf is for books
Lunch is before the meeting | Lunch is after the meeting
I parked on level 2 | I parked on level 3
Order A-17 was shipped | Order A-18 was shipped
The cat sleeps on the sofa | The dog sleeps on the sofa
My aunt gave me a watch | My uncle gave me a watch
Project Falcon is late | Project Heron is late
We deploy from main | We deploy to main
I work with Anna at Nokia | I work against Anna at Nokia
Ben is Anna's boss | Anna is Ben's boss
`;

export const mergeTopics = [
  {
    fill: (pick) => two(pick, cities),
    same: ([city]) => [
      `I live in ${city}`,
      `I'm living in ${city}`,
      `I currently live in ${city}`,
      `My home is in ${city}`,
    ],
    near: ([city, other]) => [`I want to live in ${city}`, `I used to live in ${other}`, `My parents live in ${city}`],
  },
  {
    fill: (pick) => [...two(pick, people), ...two(pick, drinks)],
    same: ([who, , what]) => [`${who} likes ${what}`, `${who} enjoys ${what}`, `${who} really likes ${what}`],
    near: ([who, other, what, second]) => [
      `${other} likes ${what}`,
      `${who} likes ${second}`,
      `${other} does not like ${second}`,
    ],
  },
  {
    fill: (pick) => two(pick, jobs),
    same: ([job]) => [`I work as a ${job}`, `I'm a ${job}`, `I am a ${job} by profession`],
    near: ([job, other]) => [`My sister is a ${job}`, `I want to become a ${other}`],
  },
  {
    fill: (pick) => [...two(pick, firms), pick(people)],
    same: ([firm]) => [
      `I work at ${firm}`,
      `I'm working for ${firm}`,
      `I am employed by ${firm}`,
      `My employer is ${firm}`,
    ],
    near: ([firm, other, who]) => [`${who} works at ${firm}`, `I had an interview at ${other}`],
  },
  {
    fill: (pick) => [pick(pets), ...two(pick, petNames)],
    same: ([pet, name]) => [
      `I have a ${pet} named ${name}`,
      `I have a ${pet} called ${name}`,
      `I've got a ${pet} called ${name}`,
    ],
    near: ([pet, , other]) => [`I have a ${pet} named ${other}`, `I want a ${pet}`],
  },
  {
    fill: (pick) => two(pick, allergens),
    same: ([what]) => [`I'm allergic to ${what}`, `I am allergic to ${what}`, `I have an allergy to ${what}`],
    near: ([what, other]) => [`I'm allergic to ${other}`, `My son is allergic to ${what}`],
  },
  {
    fill: (pick) => two(pick, languages),
    same: ([what]) => [`I speak ${what}`, `I can speak ${what}`, `I speak ${what} fluently`],
    near: ([what, other]) => [`I don't speak ${other}`, `I would like to learn ${other}`, `My wife speaks ${what}`],
  },
  {
    fill: (pick) => [...two(pick, weekdays), number(pick, 8, 11)],
    same: ([day, , hour]) => [
      `The team meeting is on ${day} at ${hour}:00`,
      `The team meeting takes place on ${day} at ${hour}:00`,
      `Team meeting is every ${day} at ${hour}:00`,
    ],
    near: ([day, other, hour]) => [
      `The board meeting is on ${day} at ${hour}:00`,
      `The budget meeting is on ${other} at ${hour}:00`,
    ],
  },
  {
    fill: (pick) => [number(pick, 100, 499), number(pick, 500, 999)],
    same: ([id]) => [`Ticket ${id} is open`, `Ticket ${id} is still open`, `Ticket #${id} is open`],
    near: ([, other]) => [`Ticket ${other} is open`, `Ticket ${other + 1} is closed`],
  },
  {
    fill: (pick) => [pick(things), number(pick, 1, 14), number(pick, 15, 28), ...two(pick, months)],
    same: ([thing, day, , month]) => [
      `The deadline for the ${thing} is ${day} ${month}`,
      `The ${thing} is due on ${day} ${month}`,
      `The ${thing} deadline is ${day} ${month}`,
    ],
    near: ([thing, day, other, month, second]) => [
      `The deadline for the second ${thing} is ${other} ${month}`,
      `The kickoff for the ${thing} is ${day} ${second}`,
    ],
  },
  {
    fill: (pick) => [...two(pick, people), pick(cities)],
    same: ([who, , city]) => [`${who} lives in ${city}`, `${who} is living in ${city}`, `${who} lives in ${city} now`],
    near: ([, other, city]) => [`${other} lives in ${city}`, `${other} was born in ${city}`],
  },
  {
    fill: (pick) => two(pick, instruments),
    same: ([what]) => [`I play the ${what}`, `I can play the ${what}`, `I play ${what}`],
    near: ([what, other]) => [
      `I want to learn the ${other}`,
      `My brother plays the ${what}`,
      `I don't play the ${other}`,
    ],
  },
  {
    fill: (pick) => two(pick, colours),
    same: ([what]) => [
      `My favourite colour is ${what}`,
      `My favorite color is ${what}`,
      `${what[0].toUpperCase()}${what.slice(1)} is my favourite colour`,
    ],
    near: ([what, other]) => [`My daughter's favourite colour is ${what}`, `My favourite sweater is ${other}`],
  },
  {
    fill: (pick) => two(pick, people),
    same: ([who]) => [`My manager is ${who}`, `My boss is ${who}`, `${who} is my manager`],
    near: ([, other]) => [`My sister is ${other}`, `My manager's deputy is ${other}`],
  },
  {
    fill: (pick) => two(pick, foods),
    same: ([what]) => [`I love ${what}`, `I really like ${what}`, `I'm a big fan of ${what}`],
    near: ([what, other]) => [`I can't stand ${other}`, `My husband loves ${what}`, `I cooked ${other} yesterday`],
  },
  {
    fill: (pick) => two(pick, tools),
    same: ([what]) => [
      `We use ${what} for the project`,
      `We're using ${what} for the project`,
      `Our project uses ${what}`,
    ],
    near: ([what, other]) => [`We do not use ${other} for the project`, `The design team uses ${what}`],
  },
  {
    fill: (pick) => [number(pick, 55, 75), number(pick, 76, 95)],
    same: ([kilos]) => [`I weigh ${kilos} kg`, `My weight is ${kilos} kg`, `My weight is ${kilos} kilograms`],
    near: ([kilos, other]) => [`My goal weight is ${kilos - 4} kg`, `My brother weighs ${other} kg`],
  },
  {
    fill: (pick) => [number(pick, 700, 999), number(pick, 1000, 1500)],
    same: ([amount]) => [
      `My rent is ${amount} euros`,
      `My rent is ${amount} euros a month`,
      `I pay ${amount} euros in rent`,
    ],
    near: ([, other]) => [`My salary is ${other * 3} euros`, `My sister's rent is ${other} euros`],
  },
  {
    fill: (pick) => two(pick, things),
    same: ([thing]) => [
      `Please always send the ${thing} as a PDF`,
      `Always send the ${thing} as a PDF`,
      `Always send me the ${thing} as a PDF`,
    ],
    near: ([thing, other]) => [`Never send the ${other} as a PDF`, `Always send the ${thing} draft as a Word file`],
  },
  {
    fill: (pick) => [pick(people), ...two(pick, cities), pick(months)],
    same: ([who, city, , month]) => [
      `${who} and I are travelling to ${city} in ${month}`,
      `${who} and I travel to ${city} in ${month}`,
    ],
    near: ([who, , other, month]) => [
      `${who} and I are travelling to ${other} in ${month}`,
      `${who} flew home in ${month}`,
    ],
  },
  {
    fill: (pick) => [number(pick, 2, 4), pick(['two', 'three'])],
    same: ([version]) => [
      `The staging server runs on version ${version}.1`,
      `The staging server is running version ${version}.1`,
      `The staging server is on version ${version}.1`,
    ],
    near: ([version]) => [
      `The production server runs on version ${version}.2`,
      `The build server runs on version ${version + 3}.1`,
    ],
  },
  {
    fill: (pick) => [number(pick, 1, 3), pick(people)],
    same: () => ['I am vegetarian', "I'm a vegetarian", 'I am a vegetarian'],
    near: ([, who]) => [`${who} is a vegetarian`, 'My flatmate is vegan'],
  },
  {
    fill: (pick) => [pick(people), pick(petNames)],
    same: ([who]) => [`I am married to ${who}`, `I'm married to ${who}`, `${who} and I are married`],
    near: ([, other]) => [`My cousin is married to ${other}`, `${other} and I are colleagues`],
  },
  {
    fill: (pick) => [number(pick, 10, 20), number(pick, 21, 40)],
    same: ([count]) => [
      `Our team has ${count} people`,
      `There are ${count} people in our team`,
      `We are ${count} people in the team`,
    ],
    near: ([count, other]) => [`Our office has ${other} desks`, `The sales team has ${count + 1} people`],
  },
  {
    fill: (pick) => [pick(people), number(pick, 1, 9)],
    same: ([who, floor]) => [`${who}'s office is on floor ${floor}`, `The office of ${who} is on floor ${floor}`],
    near: ([who, floor]) => [`${who}'s car is on level ${floor}`, `The canteen is on floor ${floor + 1}`],
  },
  {
    fill: (pick) => [pick(foods), pick(weekdays)],
    same: ([what, day]) => [`We eat ${what} every ${day}`, `Every ${day} we eat ${what}`, `On ${day}s we eat ${what}`],
    near: ([what]) => [`We plan to cook ${what} for the party`, `The canteen serves ${what} on Saturdays`],
  },
  {
    fill: (pick) => [pick(people), pick(tools)],
    same: ([who, tool]) => [
      `${who} is responsible for ${tool}`,
      `${who} is in charge of ${tool}`,
      `${who} is now responsible for ${tool}`,
    ],
    near: ([who, tool]) => [`${who} is not allowed to change ${tool}`, `${who} asked for a ${tool} training`],
  },
  ...apart
    .trim()
    .split('\n')
    .map((line) => line.split(' | '))
    .map(([one, other]) => ({ fill: () => [], same: () => [one], near: () => [other] })),
];
