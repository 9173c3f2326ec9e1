import { html } from './html.js';

it('escapes what came from somebody, in content and in attributes', () => {
  const evil = `"><script>alert('x')</script>&\``;
  const { markup } = html`<p title="${evil}">${evil}</p>`;
  expect(markup).not.toMatch(/<script|alert\('|`/);
  expect(markup.match(/"/g)).toHaveLength(2);
  expect(markup).toContain('&#34;&#62;&#60;script&#62;');
});

it('keeps markup, lists of it too', () => {
  const items = ['a', 'b'].map((name) => html`<li>${name}</li>`);
  expect(
    html`<ul>
      ${items}
    </ul>`.markup.replaceAll(/\s/g, ''),
  ).toBe('<ul><li>a</li><li>b</li></ul>');
});
