/**
 * The page's own script: starts Swagger UI and signs its calls by the reader's browser extension (NIP-07, NIP-98). Whether
 * the server wants one signature for many requests or one for each is found out by asking it.
 */
export const DOCS_SCRIPT = `'use strict';
(() => {
  const SESSION_MS = 9 * 60 * 1000;
  const told = document.getElementById('signed');
  let mode = null;
  let session = null;

  const sign = async (tags) => {
    const created_at = Math.floor(Date.now() / 1000);
    return 'Nostr ' + btoa(JSON.stringify(await window.nostr.signEvent({ kind: 27235, created_at, tags, content: '' })));
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const sha256 = async (text) =>
    hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
  const signers = {
    session: async () => {
      if (!session || Date.now() - session.atMs > SESSION_MS) {
        session = { atMs: Date.now(), header: await sign([['u', location.origin]]) };
      }
      return session.header;
    },
    strict: async ({ url, method, body }) => {
      const payload = body ? [['payload', await sha256(body)]] : [];
      // An event is taken once, and the same call again in the same second would be the same event.
      const nonce = ['nonce', hex(crypto.getRandomValues(new Uint8Array(16)))];
      return sign([['u', new URL(url, location.href).href], ['method', method], nonce, ...payload]);
    },
  };

  const signIn = async () => {
    if (!window.nostr) throw new Error('There is no extension with a Nostr key (NIP-07) in this browser.');
    for (const each of ['session', 'strict']) {
      const headers = { Authorization: await signers[each]({ url: 'identity', method: 'GET' }) };
      const answer = await fetch('identity', { headers });
      if (answer.ok) {
        mode = each;
        return 'Signed in as ' + (await answer.json()).data.pubkey;
      }
    }
    throw new Error('The server did not take the signature: is ' + location.origin + ' its SERVER_URL?');
  };
  document.getElementById('sign').addEventListener('click', () => {
    signIn().then((text) => (told.textContent = text), (error) => (told.textContent = error.message));
  });

  window.ui = SwaggerUIBundle({
    url: 'openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    validatorUrl: null,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    requestInterceptor: async (request) => {
      if (mode && !request.loadSpec && !request.headers.Authorization) {
        request.headers.Authorization = await signers[mode](request);
      }
      return request;
    },
  });
})();
`;
