import { AppError } from '@caravel/domain';
import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';
import { pageDocument } from '../page/page-document.js';
import { invoiceOfPath } from './owned.js';

export const getInvoicePage = defineOwnedRoute({
  method: 'GET',
  path: '/invoices/:id/page',
  policy: 'adminOrTenant',
  summary: 'An invoice as a page to print; Content-Location is its link for everybody who is given it',
  load: invoiceOfPath,
  answer: z.instanceof(TextDocument),
  handler: async ({ resource }, { documents, settings }) => {
    const document = await documents.byId(resource.id);
    if (!document) throw new AppError('not-found', 'There is no such invoice.');
    return pageDocument(document, settings);
  },
});
