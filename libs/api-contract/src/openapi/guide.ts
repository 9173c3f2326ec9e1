import type { Endpoint } from '../endpoint.js';
import type { Policy } from '../policy.js';

/** What a newcomer reads before any endpoint. */
export const GUIDE = `
Caravel hosts Nostr community relays. A **tenant** is a Nostr key; it makes an account, creates relays, and is invoiced
once a month.

**Sign in.** There are no passwords and no tokens: every request carries a Nostr event (NIP-98) in its \`Authorization\`
header, see *Authorize* above. Start with \`GET /identity\`, then \`POST /tenants\`, then \`POST /relays\`.

**Answers.** Every JSON answer is \`{"data": …, "code": "ok"}\` or \`{"error": "a sentence", "code": "…"}\`. The sentence is
written for the person who waits; the code is for programs and never changes its meaning. Times are unix seconds, money is US
cents, flags of relays are 0 or 1. New fields may appear at any time: ignore what you don't know.

**Repeat safely.** Commands take an \`Idempotency-Key\`: a repeat (the same signer, method, path and key) answers what the
first one did, for 24 hours, and says \`Idempotent-Replayed: true\`. While the first is still at work a repeat waits for it; a
409 says that this takes too long. Another body or query under the same key is a 422. Only success is remembered: after any
other 4xx nothing has changed and the key is free. After a 5xx nobody knows; the same request under the same key makes sure.

**Lists** have at most 1000 entries. When there are more, \`Link: <…>; rel="next"\` holds the address of the next page.

**Limits.** \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` say how much is left; a 429 says in
\`Retry-After\` how many seconds to wait. Bodies are limited to 256 KiB (413), headers to 16 KiB (431), and a request has 30
seconds to arrive (408).

**When something is away** (503), try again. Reads and commands work without billing and provisioning; what was asked for
happens when they are back.
`.trim();

/** How a request is signed. */
export const NIP98 = `
A signed Nostr event (NIP-98): \`Authorization: Nostr <base64 of the event's JSON>\`.

- \`kind\`: 27235, \`content\`: empty, \`created_at\`: now.
- *Session* (the default): one tag \`["u", "<this server's address>"]\`, exactly as the operator configured it, without path.
  One event then serves any number of requests; make a new one every 10 minutes.
- *Strict* (\`NIP98_MODE=strict\`): tags \`["u", "<full address of the request>"]\`, \`["method", "POST"]\` and, with a body,
  \`["payload", "<sha256 of the body, hex>"]\`. The event may be 60 seconds old and is taken once; add
  \`["nonce", "<anything new>"]\`, or the same request signed twice in a second is one event.

Every failure is the same 401.
`.trim();

export const policyNotes: Record<Policy, string> = {
  public: 'For everybody, without a signature.',
  authenticated: 'For any key.',
  admin: 'For administrators of this server.',
  tenant: 'For any key that has an account.',
  adminOrTenant: 'For the tenant it belongs to, and for administrators. To anybody else it does not exist.',
  sameTenantOnly: 'For the tenant itself, not for administrators.',
};

const TAGS: { name: string; description: string; paths: RegExp }[] = [
  { name: 'Identity', description: 'Who am I?', paths: /^\/identity/ },
  { name: 'Plans', description: 'What relays cost.', paths: /^\/plans/ },
  { name: 'Invoices', description: 'What is owed and how it is paid.', paths: /invoice|^\/i\// },
  { name: 'Account', description: 'A tenant: its wallet, its card, its relays.', paths: /^\/tenants/ },
  { name: 'Relays', description: 'Create, change and stop relays.', paths: /^\/relays/ },
  { name: 'Stripe', description: 'What Stripe itself calls.', paths: /^\/stripe/ },
];
const ADMINISTRATION = { name: 'Administration', description: 'For administrators of this server.' };
const MORE = { name: 'More', description: 'What fits nowhere else.' };

export const tags = [...TAGS.map(({ name, description }) => ({ name, description })), ADMINISTRATION, MORE];

export function tagOf({ path, policy }: Pick<Endpoint, 'path' | 'policy'>): string {
  if (policy === 'admin') return ADMINISTRATION.name;
  return (TAGS.find(({ paths }) => paths.test(path)) ?? MORE).name;
}
