import { api } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageDocument } from '../page/page-document.js';
import { invoiceOfPath } from './owned.js';

export const getInvoicePage = defineOwnedRoute(api.getInvoicePage, {
  load: invoiceOfPath,
  handler: async ({ resource }, { documents, settings }) => {
    const document = await documents.byId(resource.id);
    if (!document) throw new AppError('not-found', 'There is no such invoice.');
    return pageDocument(document, settings);
  },
});
