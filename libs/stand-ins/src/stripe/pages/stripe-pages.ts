import type { HttpAnswer } from '../../http-server.js';
import type { HttpCall } from '../../http-stand-in.js';
import { isStripeError } from '../stripe-error.js';
import type { StripeWorld } from '../stripe-world.js';
import { checkoutPage, payOnPage } from './checkout-page.js';
import { html } from './html.js';
import { changeCards, portalPage } from './portal-page.js';

/** The pages that Checkout and portal sessions lead to, for a person in the sandbox; undefined for any other path. */
export function stripePages(world: StripeWorld, call: HttpCall): HttpAnswer | undefined {
  const [, kind = '', id = ''] = /^\/(c\/pay|p\/session)\/([^/]+)$/.exec(call.path) ?? [];
  const page = PAGES[kind];
  if (!page) return undefined;
  try {
    return call.method === 'POST' ? page.act(world, id, new URLSearchParams(call.body)) : page.show(world, id);
  } catch (error) {
    if (!isStripeError(error)) throw error;
    return html(
      error.status,
      'Not possible',
      `<p>${error.status === 402 ? 'The card was declined.' : 'This page is no longer open.'}</p>
<p><a href="">Back</a></p>`,
    );
  }
}

const PAGES: Record<string, Page> = {
  'c/pay': { show: checkoutPage, act: payOnPage },
  'p/session': { show: portalPage, act: changeCards },
};

interface Page {
  show: (world: StripeWorld, id: string) => HttpAnswer;
  act: (world: StripeWorld, id: string, form: URLSearchParams) => HttpAnswer;
}
