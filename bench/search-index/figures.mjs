// What bench/search.mjs measures: the figures by name, what a reader is told of them, and their bars.

/** What was searched, in the order of the tables. */
const searched = {
  all: 'no filter',
  userTenth: '10 %, by user',
  userThousandth: '.1 %, by user',
  labelTenth: '10 %, by metadata',
  labelThousandth: '.1 %, by metadata',
  small: 'tenant of 1,000 beside it',
  smallBesideBusy: 'the same while it is searched',
};

const works = ['searching', 'writing', 'rewriting', 'keeping', 'restoring'];

const p95BarsMs = { 10_000: 10, 100_000: 25, 1_000_000: 120 };
const smallP95BarMs = 5;
const bytesBar = 1_200;
const standstillBarMs = 50;

export const labels = Object.fromEntries([
  ...Object.entries(searched).flatMap(([name, label]) => [
    [`${name}P50Ms`, `${label}: p50`],
    [`${name}P95Ms`, `${label}: p95`],
  ]),
  ...works.flatMap((work) => [
    [`${work}StandstillMs`, `standstill while ${work}`],
    [`${work}TurnCpuMs`, `most processor time of a turn, ${work}`],
  ]),
  ['keepingMs', 'written to the disk in'],
  ['restoringMs', 'brought back from the disk in'],
  ['writtenPerSecond', 'written'],
  ['bytes', 'memory'],
]);

/** The figures that a run has, in the order of the tables, as `report` wants them. */
export function figuresOf(kind, embedderName, documents) {
  // The bars are those of the index in the process.
  const barOf = kind === 'in-process' ? { allP95Ms: p95BarsMs[documents], smallP95Ms: smallP95BarMs } : {};
  const times = Object.keys(searched).flatMap((name) => [`${name}P50Ms`, `${name}P95Ms`]);
  const figures = Object.fromEntries(times.map((name) => [name, { unit: 'ms', bar: barOf[name], better: 'lower' }]));
  if (kind !== 'in-process') return figures;
  for (const work of works) {
    figures[`${work}StandstillMs`] = { unit: 'ms', bar: standstillBarMs, better: 'lower' };
    figures[`${work}TurnCpuMs`] = { unit: 'ms' };
  }
  figures.keepingMs = { unit: 'ms' };
  figures.restoringMs = { unit: 'ms' };
  figures.writtenPerSecond = { unit: 'documents/s' };
  figures.bytes = { unit: 'bytes/document', bar: embedderName === 'none' ? bytesBar : undefined, better: 'lower' };
  return figures;
}
