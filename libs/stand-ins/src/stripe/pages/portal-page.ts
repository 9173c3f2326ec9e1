import type { HttpAnswer } from '../../http-server.js';
import { attachCard, cardsOf, detachCard, setDefaultCard } from '../customer-cards.js';
import { invalidRequest } from '../stripe-error.js';
import type { PortalSession } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';
import { cardChoice, escapeHtml, html, seeOther } from './html.js';

/** A customer's cards: add one, remove one, choose the one that is charged. */
export function portalPage(world: StripeWorld, token: string): HttpAnswer {
  const { customer, return_url: returnUrl } = sessionOf(world, token);
  const { invoice_settings: settings } = world.store.get('customer', customer);
  const rows = cardsOf(world, customer).map(({ id, card }) => {
    const name = `${escapeHtml(card.brand)} ···· ${escapeHtml(card.last4)}`;
    const isDefault = settings.default_payment_method === id ? ' (default)' : '';
    return `<li>${name}${isDefault} ${button('default', id)} ${button('remove', id)}</li>`;
  });
  const back = returnUrl === null ? '' : `<p><a href="${escapeHtml(returnUrl)}">Back</a></p>`;
  const add = `<form method="post">${cardChoice} <button name="do" value="add">Add</button></form>`;
  return html(200, 'Cards', `<ul>${rows.join('')}</ul>${add}${back}`);
}

export function changeCards(world: StripeWorld, token: string, form: URLSearchParams): HttpAnswer {
  const session = sessionOf(world, token);
  const card = form.get('card') ?? '';
  const own = () => cardsOf(world, session.customer).some(({ id }) => id === card);
  switch (form.get('do')) {
    case 'add':
      setDefaultCard(world, session.customer, attachCard(world, session.customer, card).id);
      break;
    case 'default':
      setDefaultCard(world, session.customer, card);
      break;
    case 'remove':
      if (own()) detachCard(world, card);
      break;
    default:
      throw invalidRequest(400, 'Nothing was asked for');
  }
  return seeOther(`/p/session/${token}`);
}

const button = (what: string, card: string): string =>
  `<form method="post" style="display:inline"><input type="hidden" name="card" value="${escapeHtml(card)}">` +
  `<button name="do" value="${what}">${what}</button></form>`;

function sessionOf({ store }: StripeWorld, token: string): PortalSession {
  const found = store.list('billing_portal.session').find(({ url }) => String(url).endsWith(`/${token}`));
  if (found) return found;
  throw invalidRequest(404, 'No such session');
}
