import type { HttpAnswer } from '../../http-server.js';
import { TEST_CARDS } from '../test-cards.js';

/** A plain page. `body` is HTML: whatever comes from outside goes through `escapeHtml` first. */
export function html(status: number, title: string, body: string): HttpAnswer {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<body style="font-family:sans-serif;max-width:40rem;margin:3rem auto"><h1>${title}</h1>${body}</body></html>`;
  return { status, body: text, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (each) => names[each] ?? '');
}

export function seeOther(location: string): HttpAnswer {
  return { status: 303, body: '', headers: { location } };
}

export const cardChoice = `<select name="card">${Object.keys(TEST_CARDS)
  .map((name) => `<option>${name}</option>`)
  .join('')}</select>`;
