/**
 * A spreadsheet takes a cell that begins so for a formula; a quote before it makes it a text. Quotes that stand there
 * already count too, so that reading takes off exactly what writing put there.
 * See OWASP, "CSV Injection".
 */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const quotedFormula = /^'+[=+\-@\t\r\n＝＋－＠]/;

export function safeCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** What `safeCell` was given. */
export function plainCell(cell: string): string {
  return quotedFormula.test(cell) ? cell.slice(1) : cell;
}
