import { keptReturnUrl, originOf } from './return-url.js';

const origins = ['https://app.example', 'capacitor://localhost', 'http://localhost:1847'];

it.each([
  'https://app.example',
  'https://app.example/spaces?x=1#y',
  'capacitor://localhost/settings',
  'http://localhost:1847/',
])('%s is kept', (url) => {
  expect(keptReturnUrl(url, origins)).toBe(url);
});

it.each([
  undefined,
  '',
  'app.example',
  'http://app.example/',
  'https://app.example.evil.example/',
  'https://app.example@evil.example/',
  'https://app.example:444/',
  'http://localhost/',
  'javascript:alert(1)//app.example',
  'data:text/html,x',
])('%s is ignored', (url) => {
  expect(keptReturnUrl(url, origins)).toBeUndefined();
});

it('the origin of an address is its scheme and host, whatever the scheme', () => {
  expect(originOf('https://app.example/x')).toBe('https://app.example');
  expect(originOf('capacitor://localhost')).toBe('capacitor://localhost');
  expect(originOf('mailto:a@b.example')).toBeUndefined();
});
