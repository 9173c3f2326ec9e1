import { idSchema } from '@caravel/domain';
import { accountContent } from './account-content.js';
import type { AccountFacts } from './account-content.js';
import { factContent } from './fact-content.js';
import { renderMessage } from './render-message.js';
import type { MessageContent } from './render-message.js';
import { TEMPLATES } from './templates.js';
import type { MessageTemplate } from './templates.js';
import { languageOf } from './texts/language.js';
import type { Language } from './texts/language.js';
import type { Texts } from './texts/text-schema.js';

/** One message as a tenant would see it. */
export interface MessagePreview {
  template: string;
  /** Which of its forms, e.g. `alone` or `3 joined`. */
  form: string;
  text: string;
}

/** Every message in all its forms, with the samples of its template. Pure. */
export function previewMessages(texts: Texts, { appUrl }: { appUrl: string }): MessagePreview[] {
  const language = languageOf(texts);
  return [...TEMPLATES].flatMap(([name, template]) => {
    const text = texts.messages[name];
    if (!text) return [];
    return formsOf(template, { language, appUrl }).map(({ form, content }) => ({
      template: name,
      form,
      text: renderMessage(text, content),
    }));
  });
}

function formsOf({ tells, samples }: MessageTemplate, context: { language: Language; appUrl: string }): PreviewForm[] {
  if (tells !== 'facts') {
    const known = [
      { form: 'a full account', content: accountContent(tells, FULL_ACCOUNT, context) },
      { form: 'a new account', content: accountContent(tells, NEW_ACCOUNT, context) },
    ];
    return tells === 'help' ? known.slice(0, 1) : known;
  }
  const withNames = { ...context, relayNames: ['Book club', 'Chess'] };
  return [
    { form: 'alone', content: factContent(samples.slice(0, 1), withNames) },
    { form: `${samples.length} joined`, content: factContent(samples, withNames) },
  ];
}

const FULL_ACCOUNT: AccountFacts = {
  relays: [
    { name: 'Book club', host: 'books.relays.example', plan: 'Basic', status: 'active' },
    { name: 'Chess', host: 'chess.relays.example', plan: 'Growth', status: 'delinquent' },
    { name: '', host: 'test.relays.example', plan: 'Free', status: 'inactive' },
  ],
  invoices: [
    { id: idSchema.parse('01920000-0000-7000-8000-000000000001'), amountCents: 500 },
    { id: idSchema.parse('01920000-0000-7000-8000-000000000002'), amountCents: 2500 },
  ],
  unbilledCents: 125,
  periodEndsAt: new Date('2026-12-12T00:00:00Z'),
  payer: 'wallet',
  walletError: 'QUOTA_EXCEEDED: monthly budget',
  cardError: 'Your card has expired.',
  bolt11: { text: 'lnbc80650n1p5sample', msats: 8_065_000n },
};
const NEW_ACCOUNT: AccountFacts = {
  relays: [],
  invoices: [],
  unbilledCents: 0,
  periodEndsAt: null,
  payer: 'none',
  walletError: null,
  cardError: null,
  bolt11: null,
};

interface PreviewForm {
  form: string;
  content: MessageContent;
}
