import type { HttpAnswer } from '../../http-server.js';
import { currentSession, paySession } from '../checkout.js';
import type { StripeWorld } from '../stripe-world.js';
import { cardChoice, escapeHtml, html, seeOther } from './html.js';

/** What is to be paid, and the test cards to pay it with. */
export function checkoutPage(world: StripeWorld, id: string): HttpAnswer {
  const { status, amount_total: cents, currency, cancel_url: cancelUrl } = currentSession(world, id);
  if (status !== 'open') return html(200, 'Checkout', `<p>This session is ${status}.</p>`);
  const back = cancelUrl === null ? '' : `<p><a href="${escapeHtml(cancelUrl)}">Back without paying</a></p>`;
  const amount = `${(cents / 100).toFixed(2)} ${currency.toUpperCase()}`;
  return html(
    200,
    'Checkout',
    `<p>${escapeHtml(amount)}, to be paid with a test card.</p>
<form method="post">${cardChoice} <label><input type="checkbox" name="save"> save the card</label> <button>Pay</button></form>${back}`,
  );
}

/** Pays, and goes back to where the session was made for. */
export function payOnPage(world: StripeWorld, id: string, form: URLSearchParams): HttpAnswer {
  const paid = paySession(world, id, { card: form.get('card') ?? '', save: form.has('save') });
  return seeOther(paid.success_url.replaceAll('{CHECKOUT_SESSION_ID}', id));
}
