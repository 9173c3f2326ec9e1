import { readFileSync } from 'node:fs';
import { createTestDatabase } from '@caravel/testing';
import { catalogue } from '@caravel/tools/catalogue';

it('a freshly migrated database has exactly the guards of prisma/platform/catalogue.sql (npm run catalogue writes it)', async () => {
  const database = await createTestDatabase();
  try {
    const committed = readFileSync(new URL('../../../../prisma/platform/catalogue.sql', import.meta.url), 'utf8');
    expect(await catalogue(database.url())).toBe(committed);
  } finally {
    await database.drop();
  }
});
