import type { Tenant } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import { toActivityJson } from '../json/activity-json.js';
import { toInvoiceItemJson } from '../json/invoice-item-json.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { toMessageJson } from '../json/message-json.js';
import { toRelayJson } from '../json/relay-json.js';
import { toTenantJson } from '../json/tenant-json.js';
import type { Page, PageRequest } from '../ports.js';

const LIMIT = 200;
type Deps = Pick<GatewayDeps, 'relays' | 'invoices' | 'messages' | 'activity'>;

/**
 * Everything a tenant has, as one JSON object in the shapes of the API, written while it is read: a page of one list is in memory
 * at a time. Nothing that is sealed is read.
 */
export async function* tenantExport(deps: Deps, tenant: Tenant): AsyncGenerator<string> {
  const { pubkey } = tenant;
  const { relays, invoices, messages, activity } = deps;
  yield `{"tenant":${JSON.stringify(toTenantJson(tenant))}`;
  yield* list('relays', (page) => relays.listOfTenant(pubkey, page), toRelayJson);
  yield ',"invoices":[';
  let comma = '';
  for await (const invoice of rowsOf((page) => invoices.listOfTenant(pubkey, page))) {
    yield `${comma}${JSON.stringify(toInvoiceJson(invoice)).slice(0, -1)}`;
    yield* list('items', (page) => invoices.items(invoice.id, page), toInvoiceItemJson);
    yield '}';
    comma = ',';
  }
  yield ']';
  yield* list('draft_items', (page) => invoices.unbilledItems(pubkey, page), toInvoiceItemJson);
  yield* list('messages', (page) => messages.ofTenant(pubkey, page), toMessageJson);
  yield* list('activity', (page) => activity.ofTenant(pubkey, page), toActivityJson);
  yield '}';
}

async function* list<Row>(
  name: string,
  read: (page: PageRequest) => Promise<Page<Row>>,
  toJson: (row: Row) => object,
): AsyncGenerator<string> {
  yield `,"${name}":[`;
  let comma = '';
  for await (const row of rowsOf(read)) {
    yield comma + JSON.stringify(toJson(row));
    comma = ',';
  }
  yield ']';
}

async function* rowsOf<Row>(read: (page: PageRequest) => Promise<Page<Row>>): AsyncGenerator<Row> {
  for (let cursor: string | undefined; ;) {
    const { rows, nextCursor } = await read({ limit: LIMIT, cursor });
    yield* rows;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
