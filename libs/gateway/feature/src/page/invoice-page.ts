import { formatCents } from '@caravel/domain';
import type { Cents } from '@caravel/domain';
import type { InvoiceDocument, Seller } from '../money-ports.js';
import { html, Html } from './html.js';
import { pageLines } from './page-lines.js';
import type { PageLine } from './page-lines.js';
import { PAGE_STYLE } from './page-style.js';
import { taxPart } from './tax-part.js';

/** The printed page of one invoice: whole, without anything from elsewhere. */
export function invoicePage(document: InvoiceDocument, { seller, appUrl }: PageOptions): string {
  const { invoice, number } = document;
  const title = number === null ? 'Invoice' : `Invoice ${number}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <header>
          <div>
            <h1>${title}</h1>
            ${statusOf(document)}
          </div>
          ${sellerBlock(seller)}
        </header>
        <dl>
          ${numberLine(document)}
          <dt>Issued</dt>
          <dd>${day(document.issuedAtS)}</dd>
          <dt>Period</dt>
          <dd>${day(invoice.periodStartS)} to ${day(invoice.periodEndS)} (UTC)</dd>
          <dt>Account</dt>
          <dd class="key">${invoice.tenantPubkey}</dd>
          <dt>Reference</dt>
          <dd class="key">${invoice.id}</dd>
        </dl>
        ${itemTable(document, seller)} ${howToPay(document, appUrl)}
      </body>
    </html> `.markup;
}

/** Exactly the text that the page's policy allows, by its hash. */
const STYLE = new Html(`<style>${PAGE_STYLE}</style>`);

/** So many may take two lines of text each; with more, each is cut to one. */
const ROOMY_LINES = 12;

/** Where the client opens the dialog that pays this invoice. */
function payUrl(appUrl: string, invoiceId: string): string {
  const url = new URL(appUrl);
  url.searchParams.set('invoice', invoiceId);
  return url.href;
}

const METHODS = { nwc: 'from a connected wallet', stripe: 'by card', oob: 'over Lightning' };
const VOIDED = {
  recut: 'its items moved to another invoice',
  forgive: 'nothing is owed for it',
  write_off: 'it was written off',
};

function statusOf({ invoice, voidReason }: InvoiceDocument): Html {
  if (invoice.paidAtS !== null) {
    const how = invoice.method === null ? '' : ` ${METHODS[invoice.method]}`;
    return html`<div class="status paid">Paid on ${day(invoice.paidAtS)}${how}</div>`;
  }
  if (invoice.voidedAtS !== null) {
    const why = voidReason === null ? '' : `: ${VOIDED[voidReason]}`;
    return html`<div class="status void">Void since ${day(invoice.voidedAtS)}${why}</div>`;
  }
  return html`<div class="status open">Open</div>`;
}

function sellerBlock({ name, addressLines, taxId }: Seller): Html | string {
  const lines = [name, ...addressLines, taxId].filter((line) => line !== '').map((line) => html`<div>${line}</div>`);
  return lines.length === 0 ? '' : html`<address>${lines}</address>`;
}

const numberLine = ({ number }: InvoiceDocument): Html =>
  html`<dt>Number</dt>
    <dd>${number ?? 'follows in a moment'}</dd> `;

function itemTable({ invoice, lines }: InvoiceDocument, seller: Seller): Html {
  const printed = pageLines(lines);
  return html`<table class="${printed.length > ROOMY_LINES ? 'dense' : 'roomy'}">
    <thead>
      <tr>
        <th class="item">Item</th>
        <th>Description</th>
        <th class="amount">Amount</th>
      </tr>
    </thead>
    <tbody>
      ${printed.map(itemRow)}
    </tbody>
    <tfoot>
      <tr class="total">
        <td colspan="2">Total (USD)</td>
        <td class="amount">${formatCents(invoice.amountCents)}</td>
      </tr>
      ${taxLine(seller, invoice.amountCents)}
    </tfoot>
  </table>`;
}

const itemRow = ({ title, description, amountCents }: PageLine): Html =>
  html`<tr>
    ${description === '' ? html`<td colspan="2"><bdi>${title}</bdi></td>` : html`<td><bdi>${title}</bdi></td>`}
    ${description === '' ? '' : html`<td class="about"><bdi>${description}</bdi></td>`}
    <td class="amount">${formatCents(amountCents)}</td>
  </tr>`;

function taxLine({ tax }: Seller, amount: Cents): Html | string {
  if (tax === null) return '';
  const about = `Includes ${tax.percent} % ${tax.label}`;
  return html`<tr>
    <td colspan="2" class="about">${about}</td>
    <td class="amount about">${formatCents(taxPart(amount, tax.percent))}</td>
  </tr>`;
}

function howToPay({ invoice }: InvoiceDocument, appUrl: string): Html | string {
  if (invoice.paidAtS !== null || invoice.voidedAtS !== null) return '';
  const url = payUrl(appUrl, invoice.id);
  return html`<p class="pay">Pay with a card or over Lightning: <a href="${url}" rel="noreferrer">${url}</a></p>`;
}

const day = (atS: number): string => new Date(atS * 1000).toISOString().slice(0, 10);

interface PageOptions {
  seller: Seller;
  appUrl: string;
}
