/** Text, a number as it is, or nothing. */
export type CsvCell = string | number | bigint | Date | null;

/**
 * One line of CSV (RFC 4180), its line end included. Text that a spreadsheet would take for a formula gets an apostrophe in
 * front of it; numbers stay numbers. Dates are ISO 8601 in UTC.
 */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/** Also after white space, which spreadsheets skip, and in the wide forms that some of them fold. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/u;

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'bigint') return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
