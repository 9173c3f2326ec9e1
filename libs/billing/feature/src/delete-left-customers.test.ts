import { createLogger } from '@caravel/service';
import { deleteLeftCustomers } from './delete-left-customers.js';

const log = createLogger({ service: 'test', level: 'silent' });

function setUp(waiting: { customerId: string; isUsed: boolean }[], isDeleted: (id: string) => boolean = () => true) {
  const [asked, forgotten]: [string[], string[]] = [[], []];
  const left = {
    claimLeft: ({ limit }: { limit: number }) => Promise.resolve(waiting.splice(0, limit)),
    forget: (customerId: string) => {
      forgotten.push(customerId);
      return Promise.resolve();
    },
  };
  const customers = {
    deleteCustomer: (customerId: string) => {
      asked.push(customerId);
      return Promise.resolve(isDeleted(customerId));
    },
  };
  return { asked, forgotten, sweep: deleteLeftCustomers({ left, customers, log }) };
}
const running = new AbortController().signal;

describe('the customers of deleted accounts', () => {
  it('are all deleted at Stripe, and then forgotten', async () => {
    const ids = Array.from({ length: 45 }, (_, index) => `cus_${index}`);
    const { asked, forgotten, sweep } = setUp(ids.map((customerId) => ({ customerId, isUsed: false })));
    await sweep(running);
    expect([asked, forgotten]).toEqual([ids, ids]);
  });

  it('are kept in mind while Stripe does not answer', async () => {
    const both = ['cus_1', 'cus_2'].map((customerId) => ({ customerId, isUsed: false }));
    const { asked, forgotten, sweep } = setUp(both, (id) => id === 'cus_2');
    await sweep(running);
    expect([asked, forgotten]).toEqual([['cus_1', 'cus_2'], ['cus_2']]);
  });

  it('are left alone when their tenants use them again', async () => {
    const { asked, forgotten, sweep } = setUp([{ customerId: 'cus_1', isUsed: true }]);
    await sweep(running);
    expect([asked, forgotten]).toEqual([[], ['cus_1']]);
  });
});
