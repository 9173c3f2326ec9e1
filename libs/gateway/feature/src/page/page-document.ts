import { createHash } from 'node:crypto';
import type { GatewaySettings } from '../gateway-deps.js';
import { TextDocument } from '../http/text-document.js';
import type { InvoiceDocument } from '../money-ports.js';
import { invoicePage } from './invoice-page.js';
import { PAGE_STYLE } from './page-style.js';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** Nothing but its own style: no script, no request, no frame around it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The printed page as it is served; its public address is in `Content-Location`. Kept by nobody: the status changes. */
export function pageDocument(
  document: InvoiceDocument,
  { seller, appUrl }: Pick<GatewaySettings, 'seller' | 'appUrl'>,
): TextDocument {
  return new TextDocument({
    contentType: 'text/html; charset=utf-8',
    headers: {
      'Content-Security-Policy': CONTENT_POLICY,
      'Content-Location': `/i/${document.publicToken}`,
      'X-Robots-Tag': 'noindex, nofollow',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'private, no-store',
    },
    body: invoicePage(document, { seller, appUrl }),
  });
}
