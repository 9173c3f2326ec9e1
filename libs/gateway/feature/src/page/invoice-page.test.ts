import { createHash } from 'node:crypto';
import { cents } from '@caravel/domain';
import type { InvoiceDocument, Seller } from '../money-ports.js';
import { id, invoice } from '../testing/builders.js';
import { invoicePage } from './invoice-page.js';
import { pageDocument } from './page-document.js';

const SELLER: Seller = {
  name: 'Relays & Sons',
  addressLines: ['1 Harbour Road', '20457 Hamburg'],
  taxId: 'DE123456789',
  tax: { label: 'VAT', percent: '19' },
};
const NOBODY: Seller = { name: '', addressLines: [], taxId: '', tax: null };
const options = { seller: SELLER, appUrl: 'https://app.example/?tab=1' };

const aDocument = (changes: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  invoice: invoice(),
  number: '2026-000001',
  publicToken: '0'.repeat(32),
  issuedAtS: 1_800_000_120,
  voidReason: null,
  lines: [
    {
      amountCents: cents(500),
      description: 'basic: 2027-01-15 to 2027-02-14',
      relay: { id: id(1), name: 'The garden', host: 'garden.relays.example' },
    },
  ],
  ...changes,
});
const text = (page: string) =>
  page
    .replace(/<style>.*<\/style>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

it('says who asks for what, for when, and how to pay', () => {
  const page = invoicePage(aDocument(), options);
  for (const part of [
    'Invoice 2026-000001',
    'Open',
    'Relays &#38; Sons 1 Harbour Road 20457 Hamburg DE123456789',
    'Issued 2027-01-15',
    'Period 2027-01-15 to 2027-02-14 (UTC)',
    'The garden basic: 2027-01-15 to 2027-02-14 $5.00',
    'Total (USD) $5.00',
    'Includes 19 % VAT $0.80',
    'Pay with a card or over Lightning',
  ]) {
    expect(text(page)).toContain(part);
  }
  expect(page).toContain(`href="https://app.example/?tab=1&#38;invoice=${id(3)}"`);
});

it.each([
  [{ invoice: invoice({ paidAtS: 1_800_000_180, method: 'nwc' }) }, 'Paid on 2027-01-15 from a connected wallet'],
  [{ invoice: invoice({ paidAtS: 1_800_000_180, method: 'stripe' }) }, 'Paid on 2027-01-15 by card'],
  [{ invoice: invoice({ paidAtS: 1_800_000_180, method: 'oob' }) }, 'Paid on 2027-01-15 over Lightning'],
  [{ invoice: invoice({ voidedAtS: 1_800_000_240 }), voidReason: 'recut' }, 'Void since 2027-01-15: its items moved'],
  [{ invoice: invoice({ voidedAtS: 1_800_000_240 }), voidReason: 'forgive' }, 'Void since 2027-01-15: nothing is owed'],
  [
    { invoice: invoice({ voidedAtS: 1_800_000_240 }), voidReason: 'write_off' },
    'Void since 2027-01-15: it was written',
  ],
] satisfies [Partial<InvoiceDocument>, string][])('%j is shown as "%s", without a way to pay', (changes, status) => {
  const page = invoicePage(aDocument(changes), options);
  expect(text(page)).toContain(status);
  expect(page).not.toContain('class="pay"');
});

it('leaves out a seller and a tax that nobody configured, and a number that is not given yet', () => {
  const page = invoicePage(aDocument({ number: null }), { ...options, seller: NOBODY });
  expect(page).not.toMatch(/<address>|Includes|undefined|null/);
  expect(text(page)).toContain('Number follows in a moment');
});

it('shows what people wrote as text, wherever it stands', () => {
  const evil = `</style></title><script>alert(1)</script><img src=x onerror='alert(2)'>"`;
  const relay = { id: id(1), name: evil, host: evil };
  const page = invoicePage(
    aDocument({
      number: evil,
      lines: [
        { amountCents: cents(250), description: evil, relay },
        { amountCents: cents(250), description: evil, relay: null },
      ],
    }),
    { ...options, seller: { name: evil, addressLines: [evil], taxId: evil, tax: { label: evil, percent: '1' } } },
  );
  expect(page.match(/<(script|img)/g)).toBeNull();
  expect(page.match(/<\/(style|title)>/g)).toHaveLength(2);
});

it('is served with a policy that allows its own style and nothing else, and is kept by nobody', () => {
  const { headers, body } = pageDocument(aDocument(), options);
  const page = typeof body === 'string' ? body : '';
  const [, style = ''] = /<style>(.+)<\/style>/s.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(headers['Content-Security-Policy']).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  expect(headers).toMatchObject({ 'X-Robots-Tag': 'noindex, nofollow', 'Cache-Control': 'private, no-store' });
  expect(page).not.toMatch(/ (src|style|onclick)=|url\(|@import|<link/);
});
