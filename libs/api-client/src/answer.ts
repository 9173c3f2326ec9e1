import type { CallName, Calls } from './call-types.js';

/** What a call answers: `Answer<'getRelay'>` is a relay. */
export type Answer<Name extends CallName> = Calls[Name]['answer'];
