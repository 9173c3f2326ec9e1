import { idMaker, systemClock } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { transferTickets } from './transfer-tickets.js';

let database: TestDatabase;
let [gateway, provisioner]: Database[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  gateway = openDatabase(database.url('gateway'), { max: 1 });
  provisioner = openDatabase(database.url('provisioner'), { max: 4 });
});
afterAll(async () => {
  await gateway?.close();
  await provisioner?.close();
  await database.drop();
});

const relayId = idMaker(systemClock)();
const issuing = () => transferTickets((gateway as Database).client);
const taking = () => transferTickets((provisioner as Database).client);

it('is good once, however many ask at the same time', async () => {
  const ticket = await issuing().issue(relayId, 'export');
  const taken = await Promise.all(Array.from({ length: 4 }, () => taking().take(ticket, 'export')));
  expect(taken.filter((each) => each !== null)).toEqual([relayId]);
});

it('is for one direction, and for nobody who only reads the table', async () => {
  const ticket = await issuing().issue(relayId, 'export');
  expect(await taking().take(ticket, 'import')).toBeNull();
  const [row] = await database.query<{ id: string }>('SELECT id FROM transfer_ticket');
  expect(await taking().take(row?.id ?? '', 'export')).toBeNull();
  expect(await taking().take(ticket, 'export')).toBe(relayId);
});

it('expires, and is swept', async () => {
  const ticket = await issuing().issue(relayId, 'import');
  await database.query("UPDATE transfer_ticket SET expires_at = now() - interval '1 second'");
  expect(await taking().take(ticket, 'import')).toBeNull();
  await taking().sweep();
  expect(await database.query('SELECT FROM transfer_ticket')).toEqual([]);
});
