import { readZooidList } from './zooid-list.js';

const plain = { relayUrl: undefined, weight: 1, capacity: null, draining: false };

it('reads names, addresses and options', () => {
  const text =
    'main=http://zooid-1:3334, two = https://zooid-2/ ; relay=http://10.0.0.2:3334 ; capacity=5000;weight=2,old=http://zooid-0:3334;draining,';
  expect(readZooidList(text)).toEqual({
    list: [
      { ...plain, name: 'main', apiUrl: 'http://zooid-1:3334' },
      {
        ...{ ...plain, name: 'two', apiUrl: 'https://zooid-2/', relayUrl: 'http://10.0.0.2:3334' },
        ...{ capacity: 5000, weight: 2 },
      },
      { ...plain, name: 'old', apiUrl: 'http://zooid-0:3334', draining: true },
    ],
  });
});

it.each([
  ['', 'at least one name=apiUrl'],
  ['http://zooid:3334', 'a name of a–z, 0–9 and - in "http://zooid:3334"'],
  ['Main=http://zooid', 'a name of a–z, 0–9 and - in "Main=http://zooid"'],
  ['main=zooid:3334', 'an http:// or https:// URL after "main="'],
  ['main=http://a,two=ftp://b', 'an http:// or https:// URL after "two="'],
  ['main=http://a;relay=b', 'an http:// or https:// URL for "relay" at "main"'],
  ['main=http://a;capacity=0', 'a whole number above 0 for "capacity" at "main"'],
  ['main=http://a;capacity', 'a whole number above 0 for "capacity" at "main"'],
  ['main=http://a;weight=1.5', 'a whole number above 0 for "weight" at "main"'],
  ['main=http://a;draining=no', '"draining" without a value at "main"'],
  ['main=http://a;full', 'relay, capacity, weight or draining instead of "full" at "main"'],
  ['main=http://a,main=http://b', '"main" and "main" to differ in name and address'],
  ['main=http://a,two=http://a/', '"two" and "main" to differ in name and address'],
])('says what is wrong with %j', (text, problem) => {
  expect(readZooidList(text)).toEqual({ problem: expect.stringContaining(problem) });
});
