// Writes PLANS_FILE into table `plan`. A plan that relays use keeps its price and limits: change them under a new id.
import { readFile } from 'node:fs/promises';

export async function writePlans(client, file) {
  const plans = check(JSON.parse(await readFile(file, 'utf8')), file);
  await client.query('BEGIN');
  try {
    const { rows } = await client.query('SELECT * FROM plan FOR UPDATE');
    for (const row of rows) await checkChange(client, row, plans);
    for (const [position, plan] of plans.entries()) {
      await client.query(
        `INSERT INTO plan (id, name, amount_cents, hidden, members, blossom, livekit, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, amount_cents = excluded.amount_cents, hidden = excluded.hidden,
           members = excluded.members, blossom = excluded.blossom, livekit = excluded.livekit, position = excluded.position`,
        [plan.id, plan.name, plan.amount, plan.hidden ?? false, plan.members, plan.blossom, plan.livekit, position],
      );
    }
    await client.query('COMMIT');
    return plans.length;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function checkChange(client, row, plans) {
  const plan = plans.find(({ id }) => id === row.id);
  const same =
    plan &&
    ['members', 'blossom', 'livekit'].every((key) => plan[key] === row[key]) &&
    plan.amount === row.amount_cents;
  if (same) return;
  const { rowCount } = await client.query('SELECT FROM relay WHERE plan_id = $1 LIMIT 1', [row.id]);
  if (rowCount) {
    throw new Error(
      `plan "${row.id}" is used by relays and ${plan ? 'has another price or limit' : 'is missing'} in the plans file: ` +
        'keep it as it was (`"hidden": true` closes it to new relays) and add a plan with a new id',
    );
  }
  if (!plan) await client.query('DELETE FROM plan WHERE id = $1', [row.id]);
}

function check(plans, file) {
  const fail = (why) => {
    throw new Error(`${file}: ${why}`);
  };
  if (!Array.isArray(plans) || plans.length === 0) fail('must be a JSON array of plans');
  for (const { id, name, amount, hidden, members, blossom, livekit } of plans) {
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(id ?? ''))
      fail(`plan id ${JSON.stringify(id)} must be 1-32 of a-z, 0-9 and hyphen`);
    if (typeof name !== 'string' || !name) fail(`plan "${id}": name is missing`);
    if (!Number.isSafeInteger(amount) || amount < 0 || amount > 100_000_000)
      fail(`plan "${id}": amount must be whole cents, 0 or more`);
    if (members !== null && !(Number.isSafeInteger(members) && members > 0))
      fail(`plan "${id}": members must be a whole number above 0, or null`);
    if ([blossom, livekit].some((flag) => typeof flag !== 'boolean'))
      fail(`plan "${id}": blossom and livekit must be true or false`);
    if (![undefined, true, false].includes(hidden)) fail(`plan "${id}": hidden must be true or false`);
  }
  if (new Set(plans.map(({ id }) => id)).size !== plans.length) fail('two plans have the same id');
  if (!plans.some(({ id, amount, blossom, livekit }) => id === 'free' && amount === 0 && !blossom && !livekit)) {
    fail('a plan "free" with amount 0, without blossom and livekit must exist');
  }
  return plans;
}
