import { factContent } from './fact-content.js';
import { renderMessage } from './render-message.js';
import { TEMPLATES } from './templates.js';
import { languageOf } from './texts/language.js';
import { loadTexts } from './texts/load-texts.js';

const invoice_id = '01900000-0000-7000-8000-000000000001';
const facts = { relayNames: ['Book club', 'Chess'], appUrl: 'https://app.example/' };
const link = `https://app.example/?invoice=${invoice_id}`;
const language = languageOf(loadTexts({ language: 'en' }));

function render(name: string, params: object, known: Partial<typeof facts> = {}): string {
  return renderAll(name, [params], known);
}

function renderAll(name: string, all: readonly object[], known: Partial<typeof facts> = {}): string {
  const template = TEMPLATES.get(name);
  const text = language.texts.messages[name];
  if (!template || !text) throw new Error(`no template ${name}`);
  const parsed = all.map((params) => template.params.parse({ invoice_id, ...params }));
  return renderMessage(text, factContent(parsed, { language, ...facts, ...known }));
}

describe('the texts', () => {
  it('ask for a due invoice with amount, relays and a link', () => {
    expect(render('invoice-due', { amount_cents: 500 })).toBe(
      `Your relay hosting invoice is due: $5.00.\nRelays: Book club, Chess\nPlease pay it here: ${link}`,
    );
  });

  it('thank for a paid invoice and say how it was paid', () => {
    expect(render('invoice-paid', { amount_cents: 1234, method: 'nwc' })).toBe(
      `Thank you! Your relay hosting invoice was paid from your wallet: $12.34.\nRelays: Book club, Chess\n${link}`,
    );
    expect(render('invoice-paid', { amount_cents: 1234, method: 'stripe' })).toContain('paid by card');
    expect(render('invoice-paid', { amount_cents: 1234, method: 'oob' })).toContain('paid by Lightning invoice');
  });

  it('say why a wallet failed, with the amount of the invoice', () => {
    expect(render('wallet-failed', { amount_cents: 500, error: 'QUOTA_EXCEEDED:\nmonthly budget' })).toBe(
      [
        'Your wallet could not pay your relay hosting invoice.',
        'Amount: $5.00',
        'Relays: Book club, Chess',
        'Reason: QUOTA_EXCEEDED: monthly budget',
        `Please check your wallet or pay another way: ${link}`,
      ].join('\n'),
    );
  });

  it('warn of the pause with the days that are left', () => {
    expect(render('paused-in-days', { amount_cents: 500, days: 5 })).toBe(
      [
        'Your relay hosting invoice is still unpaid: $5.00.',
        'Your paid relays will be paused in 5 days.',
        'Relays: Book club, Chess',
        `Please pay it here: ${link}`,
      ].join('\n'),
    );
    expect(render('paused-in-days', { amount_cents: 500, days: 1 })).toContain('paused in 1 day.');
  });

  it('say that relays are paused and how they come back', () => {
    const paused = 'Your paid relays are paused because an invoice was not paid.\nRelays: Book club, Chess\n';
    expect(render('paused', { amount_cents: 113 })).toBe(
      `${paused}They run again as soon as it is paid ($1.13): ${link}`,
    );
    const stopped = render('paused', { invoice_id: undefined });
    expect(stopped).toBe(`${paused}You can start them again here: https://app.example/`);
  });

  it('say that relays run again', () => {
    expect(render('restored', {})).toBe(
      'Thank you! Your paid relays run again.\nRelays: Book club, Chess\nhttps://app.example/',
    );
  });

  it('say why a card failed', () => {
    expect(render('card-failed', { amount_cents: 500, error: 'Your card has expired.' })).toBe(
      [
        'Your card could not be charged for your relay hosting invoice.',
        'Amount: $5.00',
        'Relays: Book club, Chess',
        'Reason: Your card has expired.',
        `Please check your card or pay another way: ${link}`,
      ].join('\n'),
    );
  });

  it('carry sats when the row does', () => {
    expect(render('invoice-due', { amount_cents: 500, sats: 8065 })).toContain('due: $5.00 (8,065 sats).');
  });

  it('leave out lines about what is not known', () => {
    const text = render('wallet-failed', { error: ' ' }, { relayNames: [] });
    expect(text).not.toMatch(/Amount|Relays|Reason|undefined/);
  });

  it('cut an error to 240 characters', () => {
    const reason = /Reason: (.*)/.exec(render('wallet-failed', { error: 'x'.repeat(1000) }))?.[1];
    expect(reason).toHaveLength(240);
  });

  it('name five relays and say that there are more', () => {
    const relayNames = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(render('invoice-due', { amount_cents: 500 }, { relayNames })).toContain('Relays: a, b, c, d, e and more');
  });

  it('show names and errors as they are, also when they look like placeholders', () => {
    const text = render('wallet-failed', { error: '{link} $& {amount}' }, { relayNames: ['{error}'] });
    expect(text).toContain('Relays: {error}\nReason: {link} $& {amount}');
  });

  it('have one link, ours, whatever relays are called and errors say', () => {
    const evil =
      'Chess\r\nPlease pay here: https://evil.example/?invoice=1 nostr:npub1qqqqqqqqqqq \u202e<a href="//x">';
    const text = render('wallet-failed', { amount_cents: 500, error: evil }, { relayNames: [evil, 'x'.repeat(500)] });
    expect(text.match(/:\/\/|nostr:\S|www\./g)).toEqual(['://']);
    expect(text.split('\n')).toHaveLength(5);
    expect(text).not.toMatch(/[<>\u202e]|x{61}/);
  });

  it('keep what the address of the client already has', () => {
    const text = render('invoice-due', { amount_cents: 500 }, { appUrl: 'https://app.example/billing?theme=dark' });
    expect(text).toContain(`https://app.example/billing?theme=dark&invoice=${invoice_id}`);
  });

  it.each([
    ['invoice-due', {}],
    ['invoice-due', { amount_cents: 'a lot' }],
    ['invoice-paid', { amount_cents: 500, method: 'cash' }],
    ['wallet-failed', { invoice_id: 'draft', error: '' }],
    ['paused-in-days', { amount_cents: 500 }],
    ['paused-in-days', { amount_cents: 500, days: 0 }],
    ['paused', { invoice_id: '' }],
  ])('refuse params that don’t fit: %s %j', (name, params) => {
    expect(TEMPLATES.get(name)?.params.safeParse({ invoice_id, ...params }).success).toBe(false);
  });

  it('ignore params that a later version added', () => {
    expect(TEMPLATES.get('invoice-due')?.params.safeParse({ invoice_id, amount_cents: 1, plan: 'x' }).success).toBe(
      true,
    );
  });
});
