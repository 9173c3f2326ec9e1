import type { HistoryRecord, Output } from '@caravel/pay-protocol';

/** What a key that only looks is told: the proof of a payment opens doors at whoever was paid, and is for those who pay. */
export function forViewer(output: Output): Output {
  if (output.code === 'history') return { ...output, items: output.items.map(withoutPreimage) };
  if (output.code !== 'history_status') return output;
  const { item } = output;
  return { ...withoutPreimage(output), ...(item && { item: withoutPreimage(item) }) };
}

function withoutPreimage<Told extends Pick<HistoryRecord, 'preimage'>>(told: Told): Omit<Told, 'preimage'> {
  const shown: Omit<Told, 'preimage'> & { preimage?: unknown } = { ...told };
  delete shown.preimage;
  return shown;
}
