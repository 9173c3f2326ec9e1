import { api } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import { definePublicRoute } from '../http/define-route.js';
import { pageDocument } from '../page/page-document.js';

/** 122 random bits: whoever has the link was given it. */
const TOKEN = /^[0-9a-f]{32}$/;

export const getPublicInvoice = definePublicRoute(api.getPublicInvoice, {
  handler: async ({ params }, { documents, settings }) => {
    const document = TOKEN.test(params.token) ? await documents.byToken(params.token) : null;
    if (!document) throw new AppError('not-found', 'There is no such invoice. The link may be incomplete.');
    return pageDocument(document, settings);
  },
});
