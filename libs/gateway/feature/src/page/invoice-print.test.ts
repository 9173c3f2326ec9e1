import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cents } from '@caravel/domain';
import type { InvoiceDocument, InvoiceLine, Seller } from '../money-ports.js';
import { id, invoice } from '../testing/builders.js';
import { invoicePage } from './invoice-page.js';

const run = promisify(execFile);
const browser = findBrowser(['chromium-headless-shell', 'chromium', 'google-chrome']);
if (browser === undefined) process.stderr.write('SKIPPED: printing invoices (no chromium-headless-shell here)\n');

const SELLER: Seller = {
  name: 'Relays & Sons Ltd',
  addressLines: ['1 Harbour Road', 'Second floor', '20457 Hamburg', 'Germany'],
  taxId: 'DE123456789',
  tax: { label: 'VAT', percent: '19' },
};
const LONG = 'A relay with a name as long as somebody may have made it, '.repeat(10);
const lines = (count: number, name: string): InvoiceLine[] =>
  Array.from({ length: count }, (_, n) => ({
    amountCents: cents(n % 3 === 0 ? -125 : 500),
    description: n % 3 === 0 ? 'basic: unused 2027-01-20 to 2027-02-15' : 'basic: 2027-01-15 to 2027-02-15',
    relay: { id: id(n), name, host: `r${n}.relays.example` },
  }));
const aDocument = (changes: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  invoice: invoice(),
  number: '2027-000042',
  publicToken: '0'.repeat(32),
  issuedAtS: 1_800_000_120,
  voidReason: null,
  lines: lines(2, 'The garden'),
  ...changes,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invoice-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How many pages the browser prints, without its own header and footer. */
async function printedPages(document: InvoiceDocument, seller: Seller): Promise<number> {
  const [page, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
  await writeFile(page, invoicePage(document, { seller, appUrl: 'https://app.example' }));
  const profile = `--user-data-dir=${join(folder, 'profile')}`;
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer', profile];
  await run(browser ?? '', [...options, `--print-to-pdf=${pdf}`, pathToFileURL(page).href], { timeout: 60_000 });
  return (await readFile(pdf, 'latin1')).match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

(browser === undefined ? describe.skip : describe)('a printed invoice', () => {
  it.each<[string, InvoiceDocument]>([
    ['with two items', aDocument()],
    ['that is paid', aDocument({ invoice: invoice({ paidAtS: 1_800_000_180, method: 'stripe' }) })],
    ['without items', aDocument({ lines: [] })],
    ['with as many items as are printed, all with long names', aDocument({ lines: lines(22, LONG) })],
    ['with 500 items of 40 relays', aDocument({ lines: lines(500, LONG) })],
  ])(
    '%s is one page',
    async (_what, document) => {
      expect(await printedPages(document, SELLER)).toBe(1);
    },
    90_000,
  );
});

function findBrowser(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((each) => join(each, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
