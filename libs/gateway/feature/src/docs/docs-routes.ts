import { endpoint } from '@caravel/api-contract';
import { z } from 'zod';
import { definePublicRoute } from '../http/define-route.js';
import type { Route } from '../http/route.js';
import { TextDocument } from '../http/text-document.js';
import { docsFile } from './docs-file.js';
import { DOCS_PAGE, DOCS_STYLE } from './docs-page.js';
import { DOCS_SCRIPT } from './docs-script.js';

/** Nothing from elsewhere, nothing inline, no frame around it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const HEADERS = {
  'Content-Security-Policy': CONTENT_POLICY,
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'public, max-age=3600',
};

/** What the API says about itself, for programs and for people. Not a part of the API: a client calls none of it. */
export const docsRoutes: readonly Route[] = [
  served({ path: '/openapi.json', type: 'application/json; raw' }, () => docsFile('openapi.json')),
  served({ path: '/docs', type: 'text/html' }, () => DOCS_PAGE),
  served({ path: '/docs/page.js', type: 'text/javascript' }, () => DOCS_SCRIPT),
  served({ path: '/docs/page.css', type: 'text/css' }, () => DOCS_STYLE),
  served({ path: '/docs/swagger-ui.js', type: 'text/javascript' }, () => docsFile('swagger-ui-bundle.js')),
  served({ path: '/docs/swagger-ui.css', type: 'text/css' }, () => docsFile('swagger-ui.css')),
];

function served({ path, type }: Served, body: () => string | Promise<string>): Route {
  const contentType = `${type.replace('; raw', '')}; charset=utf-8`;
  const about = endpoint({
    method: 'GET',
    path,
    policy: 'public',
    summary: path,
    answer: z.string(),
    answerType: type,
  });
  return definePublicRoute(about, {
    handler: async () => new TextDocument({ contentType, headers: HEADERS, body: await body() }),
  });
}

interface Served {
  path: string;
  type: 'application/json; raw' | 'text/html' | 'text/javascript' | 'text/css';
}
