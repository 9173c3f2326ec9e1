import { checkSubdomain, DEFAULT_RESERVED_SUBDOMAINS } from './subdomain.js';

describe('checkSubdomain', () => {
  it.each(['a', '0', 'my-relay', 'a--b', 'x'.repeat(63)])('accepts %s', (name) => {
    expect(checkSubdomain(name, [])).toBe(name);
  });

  it.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'ä', 'a b', 'x'.repeat(64), 'a\n', ' a'])('refuses %j', (name) => {
    expect(() => checkSubdomain(name, [])).toThrow(expect.objectContaining({ code: 'subdomain-invalid' }));
  });

  it('refuses reserved names by their own code', () => {
    expect(() => checkSubdomain('admin', DEFAULT_RESERVED_SUBDOMAINS)).toThrow(
      expect.objectContaining({ code: 'subdomain-reserved', status: 422 }),
    );
  });
});
