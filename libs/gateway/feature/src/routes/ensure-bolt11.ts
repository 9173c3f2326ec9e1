import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toBolt11Json } from '../json/bolt11-json.js';
import { payableBolt11 } from '../use-cases/payable-bolt11.js';
import { invoiceOfPath } from './owned.js';

export const postBolt11 = defineOwnedRoute(api.ensureBolt11, {
  load: invoiceOfPath,
  handler: async ({ resource }, deps) => toBolt11Json(await payableBolt11(deps, resource)),
});
