import { openPostgres } from '../open-postgres.js';
import { openSqlite } from '../open-sqlite.js';

/**
 * A process that writes until it is killed: rows one after another, each told to the parent once it is acknowledged, and every
 * fourth a transaction that counts up what all writers count.
 */
const [what = '', where = '', name = '', count = '1000000'] = process.argv.slice(2);
const db = what === 'sqlite' ? openSqlite(where) : openPostgres(where, { max: 1 });
for (let number = 0; number < Number(count); number += 1) {
  await db.query('INSERT INTO written (writer, number) VALUES ($1, $2)', [name, number]);
  await db.transaction(async (tx) => {
    const lock = what === 'sqlite' ? '' : ' FOR UPDATE';
    const [row] = await tx.query(`SELECT counted FROM counter${lock}`);
    await tx.query('UPDATE counter SET counted = $1', [Number(row?.counted) + 1]);
  });
  process.send?.(number);
}
await db.close();
process.disconnect();
