import { startRelay } from './start-relay.js';

/** The relay that a suite talks to which needs nothing of it but the protocol. */
export interface RelayUnderTest {
  url: string;
  stop: () => Promise<void>;
}

/**
 * The real relay at `realUrl` (tests hand `RELAY_URL` over), or a stand-in of its own. A real one keeps what it is sent: suites
 * use keys made for the occasion, and look at nothing else.
 */
export async function relayUnderTest(realUrl: string | undefined): Promise<RelayUnderTest> {
  if (realUrl === undefined || realUrl === '') return startRelay();
  return { url: realUrl, stop: () => Promise.resolve() };
}
