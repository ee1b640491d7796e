/** A table with columns as wide as prettier makes them. @param {string[][]} rows */
export function tableOf(head, rows) {
  const width = (column) => Math.max(3, ...[head, ...rows].map((row) => [...row[column]].length));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(width(column))).join(' | ')} |`;
  const rule = head.map((_, column) => '-'.repeat(width(column)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
