import { idMaker } from './ids.js';
import { systemClock } from './clock.js';
import { relayHost, relaySchema } from './relay.js';

it('makes a schema that zooid accepts from any id', () => {
  expect(relaySchema(idMaker(systemClock)())).toMatch(/^[a-z_][a-z0-9_]*$/);
});

it('puts the host together from subdomain and domain', () => {
  expect(relayHost({ subdomain: 'a', zooid_domain: 'relays.example' })).toBe('a.relays.example');
});
