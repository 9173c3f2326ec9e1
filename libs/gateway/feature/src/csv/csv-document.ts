import { TextDocument } from '../http/text-document.js';
import { csvRow } from './csv-row.js';
import type { CsvCell } from './csv-row.js';

/** A file of what `pages` brings, written while it is read: only one page of it is ever in memory. */
export function csvDocument<Row>(filename: string, { pages, columns }: CsvSource<Row>): TextDocument {
  return new TextDocument({
    contentType: 'text/csv; charset=utf-8; header=present',
    headers: { 'Content-Disposition': `attachment; filename="${filename}"` },
    body: written(pages, columns),
  });
}

async function* written<Row>(
  pages: CsvSource<Row>['pages'],
  columns: CsvSource<Row>['columns'],
): AsyncGenerator<string> {
  yield csvRow(Object.keys(columns));
  const cells = Object.values(columns);
  for await (const rows of pages) yield rows.map((row) => csvRow(cells.map((cell) => cell(row)))).join('');
}

interface CsvSource<Row> {
  pages: AsyncIterable<Row[]>;
  /** By name, in the order they are written. */
  columns: Readonly<Record<string, (row: Row) => CsvCell>>;
}
