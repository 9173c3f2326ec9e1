import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toPreviewJson } from '../json/preview-json.js';
import { previewRelay } from '../use-cases/preview-relay.js';
import { relayOfPath } from './owned.js';

export const postPreview = defineOwnedRoute(api.previewRelay, {
  load: relayOfPath,
  handler: async ({ caller, resource, body }, deps) =>
    toPreviewJson(await previewRelay(deps, { caller, relay: resource, body })),
});
