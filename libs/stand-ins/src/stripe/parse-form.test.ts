import { parseForm } from './parse-form.js';

test.each<[string, object]>([
  ['', {}],
  ['name=Ada+L&email=a%40b.c', { name: 'Ada L', email: 'a@b.c' }],
  ['metadata[pubkey]=ab&metadata[n]=1', { metadata: { pubkey: 'ab', n: '1' } }],
  ['expand[]=a&expand[]=b', { expand: ['a', 'b'] }],
  ['items[0][price]=x&items[1][price]=y', { items: [{ price: 'x' }, { price: 'y' }] }],
  ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
])('%s', (text, expected) => {
  expect(parseForm(text)).toEqual(expected);
});

test.each(['__proto__[x]=1', 'a[constructor][prototype][x]=1'])('refuses %s', (text) => {
  expect(() => parseForm(text)).toThrow('Invalid parameter');
});
