/** Amounts with their units in normal form, so that 180 lb and 82 kg, 90 minutes and 1.5 hours can be compared. */
import type { Quantity } from '#libs/domain/belief/claim.js';
import { perWord } from '../per-word.js';
import type { Token } from '../tokens.js';
import { normalWord, numberOf } from './spelling.js';

export interface Measure {
  length: number;
  quantity: Quantity;
  /** As a word of a value: `82kg`, `5usd`, `20`. */
  word: string;
}

/** Unit as written → unit that it is kept in, and the factor. Kilogram, metre, litre, minute, day, byte, degree Celsius. */
const UNITS = new Map<string, readonly [string, number]>(
  `kg:kg:1 kilo:kg:1 kilogram:kg:1 g:kg:0.001 gram:kg:0.001 lb:kg:0.4536 pound-weight:kg:0.4536 oz:kg:0.02835 ounce:kg:0.02835
  stone:kg:6.35 ton:kg:1000 tonne:kg:1000 mg:mg:1 milligram:mg:1 mcg:mg:0.001 m:m:1 meter:m:1 km:m:1000 kilometer:m:1000
  cm:m:0.01 centimeter:m:0.01 mm:m:0.001 mile:m:1609 mi:m:1609 ft:m:0.3048 foot:m:0.3048 inch:m:0.0254 yard:m:0.9144
  l:l:1 liter:l:1 ml:l:0.001 gallon:l:3.785 ms:s:0.001 millisecond:s:0.001 s:s:1 sec:s:1 second:s:1 min:s:60 minute:s:60
  h:s:3600 hr:s:3600 hour:s:3600 day:day:1 week:day:7 fortnight:day:14 month:month:1 year:month:12 decade:month:120 kb:mb:0.001
  mb:mb:1 megabyte:mb:1 gb:mb:1000 gigabyte:mb:1000 tb:mb:1000000 terabyte:mb:1000000 kilobyte:mb:0.001 usd:usd:1 dollar:usd:1
  eur:eur:1 euro:eur:1 gbp:gbp:1 pound:gbp:1 percent:percent:1 %:percent:1 degree:degree:1 celsius:degree:1 watt:watt:1
  kw:watt:1000 kwh:kwh:1 mbps:mbps:1 gbps:mbps:1000 hz:hz:1 khz:hz:1000 mhz:hz:1000000 ghz:hz:1000000000 bpm:bpm:1 calorie:calorie:1 kcal:calorie:1
  yen:jpy:1 jpy:jpy:1 chf:chf:1 franc:chf:1 rupee:inr:1 inr:inr:1 krone:nok:1 kroner:nok:1 nok:nok:1 dkk:nok:1 krona:sek:1
  kronor:sek:1 sek:sek:1 peso:mxn:1 mxn:mxn:1 reais:brl:1 brl:brl:1 rand:zar:1 zar:zar:1 zloty:pln:1 zlotys:pln:1 pln:pln:1
  forint:huf:1 huf:huf:1 krw:krw:1 yuan:cny:1 cny:cny:1 lira:try:1 baht:thb:1 thb:thb:1 shekel:ils:1 dirham:aed:1 aed:aed:1
  cent:usd:0.01 pence:gbp:0.01 quid:gbp:1 buck:usd:1 aud:aud:1 cad:cad:1`
    .split(/\s+/)
    .map((line) => line.split(':'))
    .map(([written, unit, factor]) => [written!, [unit!, Number(factor)] as const]),
);
const CURRENCY = /^(?:usd|eur|gbp|jpy|chf|inr|nok|sek|mxn|brl|zar|pln|huf|krw|cny|try|thb|ils|aed|aud|cad)$/;

export const isCurrency = (unit: string): boolean => CURRENCY.test(unit);

const CURRENCIES = new Map([
  ['$', 'usd'],
  ['€', 'eur'],
  ['£', 'gbp'],
]);
const SCALES = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['dozen', 12],
]);
/** What a number right before it numbers is an id, a name or a version, no amount. */
const NUMBERED =
  /^(?:port|ticket|bug|issue|order|invoice|room|version|case|task|gate|flight|line|page|chapter|step|phase|floor|server|node|level|item|number|no|id|grade|unit|pr|sprint|milestone|batch|table|track|platform|building|apartment|flat|suite|box|code|error|bus|train|route|highway|zone|seat|row|v|request|incident|release|python|java|node.js|postgres|php|ruby|windows|ubuntu|ios|android|class|year|type|model|section|job|build|account|customer|contract|policy|claim|machine|printer|shelf|bay|dock|locker|lot|warehouse|truck|store|terminal|pump|lane|court|team|group|cluster|shard|pod|hall|stage|day|week|episode|season|part|volume|question|rule|article)$/;

/** True when the word names a kind of thing that is told apart by numbers ("ticket 311"). */
export const isNumbered = (word: string): boolean => NUMBERED.test(word);

/** No amount begins with another word. */
const canBegin = perWord(
  (word) => /^(?:[$€£\d]|(?:half|third|quarter|between)$)/.test(word) || numberOf(word) !== undefined,
);

/** The amount that starts at `at`; undefined when there is none or the number is an id. */
export function measureAt(tokens: readonly Token[], at: number, text: string): Measure | undefined {
  const { word, start } = tokens[at]!;
  if (!canBegin(word)) return undefined;
  const wide = share(tokens, at) ?? range(tokens, at, text);
  if (wide !== undefined) return wide;
  const before = tokens[at - 1]?.word;
  if (before !== undefined && NUMBERED.test(normalWord(before)) && /^\d/.test(word)) return undefined;
  const degrees = degreesAt(tokens, at, text);
  if (degrees !== undefined) return degrees;
  const symbol = CURRENCIES.get(word[0]!) ?? CURRENCIES.get(text[start - 1] ?? '');
  const bare = CURRENCIES.has(word[0]!) ? word.slice(1) : word;
  const glued = /^(\d[\d,]*(?:\.\d+)?)([a-z%]+)$/.exec(bare);
  const gluedUnit = glued === null ? undefined : UNITS.get(normalWord(glued[2]!));
  if (glued !== null && gluedUnit !== undefined && !(glued[2] === 'm' && symbol !== undefined))
    return measure(1, Number(glued[1]!.replaceAll(',', '')) * gluedUnit[1], gluedUnit[0]);
  const half = word === 'half' && /^an?$/.test(tokens[at + 1]?.word ?? '');
  const amount = half ? 0.5 : numberOf(bare);
  if (amount === undefined) return undefined;
  const scale = SCALES.get(tokens[at + 1]?.word ?? '');
  const length = half ? 2 : scale === undefined ? 1 : 2;
  const total = amount * (half ? 1 : (scale ?? 1));
  if (symbol !== undefined) return measure(length, total, symbol);
  return withUnit(tokens, at, length, total);
}

/** "39 °C", "102.2 °F", "85 degrees Fahrenheit": in degrees Celsius. */
function degreesAt(tokens: readonly Token[], at: number, text: string): Measure | undefined {
  const { word, start, end } = tokens[at]!;
  const amount = /^\d/.test(word) ? numberOf(word) : undefined;
  if (amount === undefined) return undefined;
  const [unit, sign, scale] =
    /^\s?(°|º|degrees?)\s?([cf](?![a-z])|celsius|fahrenheit|centigrade)?/i.exec(text.slice(end, end + 22)) ?? [];
  if (unit === undefined || (sign!.length > 1 && scale === undefined)) return undefined;
  let length = 1;
  while (tokens[at + length]?.gap === 'space' && tokens[at + length]!.start < end + unit.trimEnd().length) length += 1;
  const signed = text[start - 1] === '-' || text[start - 1] === '−' ? -amount : amount;
  return measure(length, /^f/i.test(scale ?? '') ? Number((((signed - 32) * 5) / 9).toFixed(1)) : signed, 'degree');
}

/** One hour, minute, week, month, year, mile: the units that stand after "a". */
export function oneOf(word: string): { amount: number; unit: string } | undefined {
  const unit = /^(?:hour|minute|week|month|year|mile|dollar|euro|kilometer|kilo)$/.test(word)
    ? UNITS.get(word)
    : undefined;
  return unit === undefined ? undefined : { amount: unit[1], unit: unit[0] };
}

/** "Half of the users", "a third of": a share. */
function share(tokens: readonly Token[], at: number): Measure | undefined {
  if (tokens[at + 1]?.word !== 'of') return undefined;
  const percent = { half: 50, third: 33.3, quarter: 25 }[tokens[at]!.word];
  return percent === undefined ? undefined : measure(1, percent, 'percent');
}

/** "Between 200 and 400 euros", "200 to 400 euros": both ends in one word. */
function range(tokens: readonly Token[], at: number, text: string): Measure | undefined {
  const from = tokens[at]!.word === 'between' ? at + 1 : at;
  const low = numberOf((tokens[from]?.word ?? '').replace(/^[$€£]/, ''));
  if (low === undefined || !/^(?:and|to)$/.test(tokens[from + 1]?.word ?? '') || tokens[from + 2] === undefined)
    return undefined;
  if (from === at && tokens[from + 1]!.word === 'and') return undefined;
  const high = measureAt(tokens, from + 2, text);
  if (high === undefined || high.quantity.amount <= low) return undefined;
  const written = numberOf(tokens[from + 2]!.word.replace(/^[$€£]/, ''));
  const least = Number((low * (written ? high.quantity.amount / written : 1)).toPrecision(6));
  if (least >= high.quantity.amount) return undefined;
  return { length: from - at + 2 + high.length, quantity: high.quantity, word: `${least}..${high.word}` };
}

function withUnit(tokens: readonly Token[], at: number, length: number, amount: number): Measure {
  const next = tokens[at + length];
  const written = next === undefined || next.gap !== 'space' ? '' : normalWord(next.word);
  const isPound =
    written === 'pound' &&
    tokens
      .slice(Math.max(0, at - 4), at)
      .some(({ word }) => /^(?:weigh|lose|gain|lost|gained|weighs|weighed|weight|weighing)$/.test(word));
  const unit = UNITS.get(isPound ? 'lb' : /^(?:lbs)$/.test(written) ? 'lb' : written);
  if (unit === undefined || (written.length === 1 && written !== '%' && !/^\d/.test(tokens[at]!.word)))
    return measure(length, amount, null);
  const inches = numberOf(tokens[at + length + 1]?.word ?? '');
  if ((written === 'foot' || written === 'ft') && inches !== undefined && inches < 12)
    return measure(length + 2, amount * unit[1] + inches * 0.0254, 'm');
  return measure(length + 1, amount * unit[1], unit[0]);
}

function measure(length: number, amount: number, unit: string | null): Measure {
  const rounded = Number(amount.toPrecision(6));
  return { length, quantity: { amount: rounded, unit }, word: `${rounded}${unit ?? ''}` };
}
