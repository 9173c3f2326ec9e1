import { AppError } from '@caravel/domain';
import { z } from 'zod';
import { definePublicRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';
import { pageDocument } from '../page/page-document.js';

/** 122 random bits: whoever has the link was given it. */
const TOKEN = /^[0-9a-f]{32}$/;

export const getPublicInvoice = definePublicRoute({
  method: 'GET',
  path: '/i/:token',
  policy: 'public',
  summary: 'An invoice as a page to print, for whoever has its link',
  params: z.object({ token: z.string() }),
  answer: z.instanceof(TextDocument),
  errors: ['not-found'],
  handler: async ({ params }, { documents, settings }) => {
    const document = TOKEN.test(params.token) ? await documents.byToken(params.token) : null;
    if (!document) throw new AppError('not-found', 'There is no such invoice. The link may be incomplete.');
    return pageDocument(document, settings);
  },
});
