// How the cost of a search grows with the number of documents, as an SVG with both axes logarithmic: one panel for each
// index and embedder, a line for each kind of search, its points at the median p95 of the runs.

const panelWidth = 440;
const plot = { left: 58, top: 46, width: 340, height: 290 };
const legendLineHeight = 18;

/** The kinds of searches that are drawn: the figure and what the legend says. */
const series = [
  { name: 'all', figure: 'allP95Ms', label: 'no filter' },
  { name: 'tenth', figure: 'userTenthP95Ms', label: 'a user who has 10 %' },
  { name: 'thousandth', figure: 'userThousandthP95Ms', label: 'a user who has .1 %' },
  { name: 'label', figure: 'labelThousandthP95Ms', label: '.1 % by metadata' },
  { name: 'small', figure: 'smallP95Ms', label: 'a tenant of 1,000 beside it' },
];

const style = `
svg { color-scheme: light dark; }
text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1b1f24; }
.title { font-weight: 600; }
.paper { fill: #fff; }
.grid { stroke: #d0d7de; }
.bar { fill: none; stroke: #57606a; stroke-width: 2; stroke-dasharray: 2 4; }
.line { fill: none; stroke-width: 2; }
.all { stroke: #0969da; fill: #0969da; }
.tenth { stroke: #1a7f37; fill: #1a7f37; }
.thousandth { stroke: #9a6700; fill: #9a6700; }
.label { stroke: #cf222e; fill: #cf222e; }
.small { stroke: #8250df; fill: #8250df; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .paper { fill: #0d1117; }
  .grid { stroke: #30363d; }
  .bar { stroke: #9198a1; }
  .all { stroke: #58a6ff; fill: #58a6ff; }
  .tenth { stroke: #3fb950; fill: #3fb950; }
  .thousandth { stroke: #d29922; fill: #d29922; }
  .label { stroke: #ff7b72; fill: #ff7b72; }
  .small { stroke: #bc8cff; fill: #bc8cff; }
}
.line { fill: none; }
`;

/** @param panels `{ title, results }` for each panel; results as bench/results keeps them, the fewest documents first */
export function growthPicture(panels) {
  const drawn = panels.filter(({ results }) => results.length > 0);
  const scale = scaleOf(drawn.flatMap(({ results }) => results));
  const width = Math.max(1, drawn.length) * panelWidth;
  const height = plot.top + plot.height + 62 + (series.length + 1) * legendLineHeight;
  const title = 'Milliseconds of a search (p95) by the number of documents';
  const body = drawn.map((panel, at) => panelOf(panel, scale, at * panelWidth)).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><title>${title}</title><style>${style}</style>` +
    `<rect class="paper" width="${width}" height="${height}"/>${body}${legend(height)}</svg>\n`
  );
}

/** Whole powers of ten around everything that is drawn. */
function scaleOf(results) {
  const times = results.flatMap(({ rows }) =>
    rows
      .filter(({ figure }) => series.some((drawn) => drawn.figure === figure))
      .flatMap(({ min, max, bar }) => [min, max, bar ?? max]),
  );
  const documents = results.map((result) => result.documents);
  return { x: axis(documents, plot.width, false), y: axis(times, plot.height, true) };
}

/** @returns the powers of ten of an axis, and where on it a value stands: 0 to `length` */
function axis(values, length, isUpward) {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  const powers = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
  const placeOf = (value) => {
    const share = (Math.log10(value) - low) / (high - low);
    return rounded(length * (isUpward ? 1 - share : share));
  };
  return { powers, placeOf };
}

function panelOf({ title, results }, { x, y }, left) {
  const xOf = ({ documents }) => x.placeOf(documents);
  const lines = series.map((drawn) => lineOf(drawn, results, xOf, y)).join('');
  const bars = results.map((result) => barMark(result, xOf(result), y)).join('');
  const middle = plot.width / 2;
  return (
    `<g transform="translate(${left + plot.left} ${plot.top})">` +
    `<text class="title" x="${middle}" y="-22" text-anchor="middle">${title}</text>` +
    `${x.powers.map((power) => verticalLine(power, x)).join('')}${y.powers.map((power) => levelLine(power, y)).join('')}` +
    `<text x="${middle}" y="${plot.height + 38}" text-anchor="middle">documents of the tenant</text>` +
    `<text transform="translate(-42 ${plot.height / 2}) rotate(-90)" text-anchor="middle">ms, p95 of a search</text>` +
    `${bars}${lines}</g>`
  );
}

function verticalLine(power, { placeOf }) {
  const at = placeOf(power);
  return (
    `<path class="grid" d="M${at} 0V${plot.height}"/>` +
    `<text x="${at}" y="${plot.height + 18}" text-anchor="middle">${power.toLocaleString('en-GB')}</text>`
  );
}

function levelLine(power, { placeOf }) {
  const at = placeOf(power);
  return (
    `<path class="grid" d="M0 ${at}H${plot.width}"/>` +
    `<text x="-8" y="${at + 4}" text-anchor="end">${power.toLocaleString('en-GB')}</text>`
  );
}

/** A point for each number of documents, joined by a line, with the least and the most of the runs as a stroke. */
function lineOf({ name, figure }, results, xOf, y) {
  const points = results.flatMap((result) => {
    const row = result.rows.find((candidate) => candidate.figure === figure);
    return row ? [{ x: xOf(result), y: y.placeOf(row.median), low: y.placeOf(row.min), high: y.placeOf(row.max) }] : [];
  });
  const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join('');
  const marks = points.map(
    (point) => `<path d="M${point.x} ${point.low}V${point.high}"/><circle cx="${point.x}" cy="${point.y}" r="3.5"/>`,
  );
  return `<g class="${name}"><path class="line" d="${path}"/>${marks.join('')}</g>`;
}

/** The bar of searches without a filter, as a short level stroke at its number of documents. */
function barMark({ rows }, at, { placeOf }) {
  const { bar } = rows.find(({ figure }) => figure === 'allP95Ms');
  return bar === null
    ? ''
    : `<path class="bar" d="M${Math.max(0, at - 22)} ${placeOf(bar)}H${Math.min(plot.width, at + 22)}"/>`;
}

function legend(height) {
  const entries = [...series, { name: 'bar', label: 'bar of searches without a filter' }];
  const top = height - entries.length * legendLineHeight;
  return entries
    .map(({ name, label }, at) => {
      const line = top + at * legendLineHeight;
      return (
        `<path class="line ${name}" d="M${plot.left} ${line}h28"/>` +
        `<text x="${plot.left + 38}" y="${line + 4}">${label}</text>`
      );
    })
    .join('');
}

function rounded(value) {
  return Math.round(value * 10) / 10;
}
