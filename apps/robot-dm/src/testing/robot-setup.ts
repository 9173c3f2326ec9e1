import { fromUnixSeconds, idMaker, manualClock, systemClock, unixSeconds } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { generateSecret, messagingRelayListEvent, relayPool, secretSigner, unwrapMessage } from '@caravel/nostr';
import type { RelayPool, Rumor, Signer } from '@caravel/nostr';
import { addMessages, openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import type { CallClient } from '@caravel/queue';
import { accountStore, messageStore } from '@caravel/robot-data-access';
import type { MessageStore } from '@caravel/robot-data-access';
import {
  composeMessage,
  deliverMessages,
  languageOf,
  loadTexts,
  readAccount,
  recipientRelays,
  sweepMessages,
} from '@caravel/robot-feature';
import type { DeliverMessages } from '@caravel/robot-feature';
import { createLogger } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';

export const APP_URL = 'https://app.example/home';

/**
 * A robot on a database of its own, wired as in main.ts but for the clock, which stands still. It starts four days ago:
 * relays refuse what is dated in the future, and tests move the clock forward by up to three days.
 */
export async function robotSetup(): Promise<RobotSetup> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase(testDatabase.url('robot'));
  const relay = await startRelay();
  const signer = secretSigner(generateSecret());
  const pool = relayPool({ auth: signer });
  const clock = manualClock(unixSeconds(systemClock.now()) - 4 * 86_400);
  const logged: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'test',
    level: 'error',
    destination: { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const store = messageStore(database.client);
  const newId = idMaker(systemClock);
  const language = languageOf(loadTexts({ language: 'en' }));
  const silence: RobotOptions['calls'] = { ask: () => Promise.reject(new Error('nobody answers')) };

  const robot = (options: RobotOptions = {}): Robot => {
    const { messages = store, fallback = [relay.url], indexers = [relay.url], calls = silence } = options;
    const account = readAccount({ accounts: accountStore(database.client), calls, log });
    const recipients = recipientRelays({ pool, clock, indexers, fallback, isAllowed: () => true });
    const compose = composeMessage({ messages, account, language, clock, appUrl: APP_URL });
    const deliver = deliverMessages({ messages, compose, recipients, pool, signer, clock });
    return { deliver, sweep: sweepMessages({ messages, deliver, clock, log }) };
  };

  return {
    testDatabase,
    database,
    relay,
    signer,
    pool,
    clock,
    log,
    logged,
    store,
    newId,
    robot,
    ...rowsOf({ testDatabase, database, clock, newId }),
    close: async () => {
      pool.close();
      await relay.stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}

type Rows = Pick<RobotSetup, 'addInvoice' | 'addMessage' | 'row'>;

function rowsOf({ testDatabase, database, clock, newId }: RowsDeps): Rows {
  return {
    addInvoice: async ({ pubkey }, paidAt = null) => {
      const id = newId();
      await testDatabase.query(
        `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at,
           created_at, paid_at, method)
         VALUES ($1, $2, $1, 'interim', 500, $3, $4, $3, $3, $5, $6)`,
        [id, pubkey, clock.now(), fromUnixSeconds(unixSeconds(clock.now()) + 86_400), paidAt, paidAt && 'oob'],
      );
      return id;
    },
    addMessage: async ({ pubkey }, { template = 'invoice-due', invoiceId = newId(), params = {} } = {}) => {
      const subject = newId();
      const message = { template, subject, params: { invoice_id: invoiceId, amount_cents: 500, ...params } };
      await addMessages(database.client, [{ tenantPubkey: pubkey, ...message }], { clock, newId });
      const [row] = await testDatabase.query<{ id: Id }>('SELECT id FROM message WHERE subject = $1', [subject]);
      if (!row) throw new Error('the row is missing');
      return row.id;
    },
    row: async (id) => {
      const [row] = await testDatabase.query<MessageRow>('SELECT * FROM message WHERE id = $1', [id]);
      if (!row) throw new Error('the row is missing');
      return row;
    },
  };
}

/** A tenant who takes direct messages at `relays`, said at the indexer. */
export async function tenantAt({ pool, relay }: RobotSetup, relays: readonly string[]): Promise<Signer> {
  const tenant = secretSigner(generateSecret());
  const list = tenant.sign(messagingRelayListEvent(relays, unixSeconds(systemClock.now())));
  const [result] = await pool.publish([relay.url], list);
  if (!result?.ok) throw new Error('the list was not taken');
  return tenant;
}

/** What the tenant finds at a relay: opened and checked as NIP-17 asks, in order of arrival. */
export function received(relay: RelayStandIn, tenant: Signer): Rumor[] {
  return wrapsFor(relay, tenant.pubkey).map((wrap) => unwrapMessage(tenant, wrap));
}

export function wrapsFor(relay: RelayStandIn, pubkey: Pubkey) {
  return relay.events().filter(({ kind, tags }) => kind === 1059 && tags.some((tag) => tag[1] === pubkey));
}

interface Robot {
  deliver: DeliverMessages;
  sweep: (signal: AbortSignal) => Promise<void>;
}

interface RobotOptions {
  messages?: MessageStore;
  fallback?: readonly string[];
  indexers?: readonly string[];
  /** Billing, for Lightning invoices. */
  calls?: Pick<CallClient, 'ask'>;
}

interface MessageRow {
  next_try_at: Date | null;
  tries: number;
  sent_at: Date | null;
  undeliverable_at: Date | null;
  cancelled_at: Date | null;
  error: string | null;
  text: string | null;
}

type RowsDeps = Pick<RobotSetup, 'testDatabase' | 'database' | 'clock' | 'newId'>;

export interface RobotSetup {
  testDatabase: TestDatabase;
  database: Database;
  /** The indexer, and the robot's own inbox. */
  relay: RelayStandIn;
  signer: Signer;
  pool: RelayPool;
  clock: ReturnType<typeof manualClock>;
  log: Logger;
  /** Error lines. */
  logged: Record<string, unknown>[];
  store: MessageStore;
  newId: () => Id;
  robot: (options?: RobotOptions) => Robot;
  addInvoice: (tenant: Signer, paidAt?: Date | null) => Promise<Id>;
  addMessage: (
    tenant: Signer,
    message?: { template?: string; invoiceId?: Id; params?: Record<string, string | number> },
  ) => Promise<Id>;
  row: (id: Id) => Promise<MessageRow>;
  close: () => Promise<void>;
}
