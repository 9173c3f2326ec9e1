import { createTestDatabase } from './database.js';
import type { TestDatabase } from './database.js';

describe('a test database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is migrated and knows the plans', async () => {
    const plans = await database.query<{ id: string }>('SELECT id FROM plan ORDER BY position');
    expect(plans.map(({ id }) => id)).toEqual(['free', 'basic', 'growth']);
  });

  it('gives every role its own connection string', () => {
    expect(new URL(database.url('billing')).username).toBe('caravel_billing');
  });
});
