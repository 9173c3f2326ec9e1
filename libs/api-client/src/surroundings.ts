/** What the client needs of the world: time, luck and the network. Tests bring their own. */
export interface Surroundings {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  nowMs: () => number;
  /** From 0, below 1. */
  random: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 1 to 128 visible ASCII characters that nobody has used. */
  newKey: () => string;
}

export const theWorld: Surroundings = {
  fetch: (url, init) => globalThis.fetch(url, init),
  nowMs: () => Date.now(),
  random: () => Math.random(),
  sleep,
  // `randomUUID` is missing where a page comes by plain http.
  newKey: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => hex(byte)).join(''),
};

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
