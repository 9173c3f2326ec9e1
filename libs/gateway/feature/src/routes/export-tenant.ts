import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';
import { tenantExport } from '../use-cases/tenant-export.js';
import { tenantOfPath } from './owned.js';

export const exportTenant = defineOwnedRoute(api.exportTenant, {
  load: tenantOfPath,
  handler: ({ resource }, deps) =>
    Promise.resolve(
      new TextDocument({
        contentType: 'application/json; charset=utf-8',
        headers: { 'Content-Disposition': 'attachment; filename="tenant.json"' },
        body: tenantExport(deps, resource),
      }),
    ),
});
