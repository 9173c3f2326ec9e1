import type { previewJson } from '@caravel/api-contract';
import type { z } from 'zod';
import type { RelayPreview } from '../use-cases/preview-relay.js';

export function toPreviewJson(preview: RelayPreview): z.output<typeof previewJson> {
  return {
    at: preview.atS,
    plan_id: preview.plan_id,
    status: preview.status,
    items: preview.items.map(({ planId, amountCents, sats, description }) => ({
      plan_id: planId,
      amount: amountCents,
      sats,
      description,
    })),
    amount: preview.amountCents,
    sats: preview.sats,
    invoices: preview.invoices.map(({ amountCents, sats, periodStartS, periodEndS }) => ({
      amount: amountCents,
      sats,
      period_start: periodStartS,
      period_end: periodEndS,
    })),
    replaced_invoices: preview.replacedIds,
  };
}
