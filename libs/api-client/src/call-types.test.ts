import { createClient } from './create-client.js';
import type { Client } from './create-client.js';

type Equal<A, B> = [A, B] extends [B, A] ? true : false;
const same = <A, B>(equal: Equal<A, B>) => {
  expect(equal).toBe(true);
};
type Input<Name extends keyof Client> = Parameters<Client[Name]>[0];
type Answer<Name extends keyof Client> = Awaited<ReturnType<Client[Name]>>;

it('the compiler knows what calls take and answer, without the brands of the server', () => {
  same<Input<'getRelay'>, { id: string }>(true);
  same<Input<'getPublicInvoice'>, { token: string }>(true);
  same<Answer<'getPublicInvoice'>, Response>(true);
  same<Answer<'listRelayMembers'>, { members: string[] }>(true);
  same<Answer<'getIdentity'>, { pubkey: string; is_admin: boolean }>(true);
  same<Answer<'getInvoice'>['method'], 'nwc' | 'stripe' | 'oob' | null>(true);
  same<Answer<'getRelay'>['synced'], 0 | 1>(true);
});

it('what can be left out is optional, and only that', () => {
  const client = createClient({ serverUrl: 'https://api.example.com' });
  const typed = () => [
    client.getIdentity(),
    client.createTenant(),
    client.createTenant({ body: { return_url: 'https://app.example' } }),
    client.listTenants({ query: { limit: 10 } }),
    client.listTenants({ query: { limit: '10', cursor: 'c' } }),
    client.createRelay({ body: { subdomain: 'a', plan_id: 'free', blossom_enabled: 0 } }),
    // @ts-expect-error the path needs an id
    client.getRelay({}),
    // @ts-expect-error the body needs a plan
    client.createRelay({ body: { subdomain: 'a' } }),
    // @ts-expect-error a relay is not a list
    client.pages('getRelay', { id: 'r' }),
    client.pages('listTenantInvoices', { pubkey: 'p' }),
  ];
  expect(typed).toBeInstanceOf(Function);
  expect(client).not.toHaveProperty('stripeWebhook');
  expect(client).not.toHaveProperty('streamTenantEvents');
});
