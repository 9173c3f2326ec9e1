/** A stream of server-sent events that is being read. */
export interface OpenEvents {
  headers: Headers;
  /** Whole events that came. */
  events: { id: string; type: string; data: Record<string, unknown> }[];
  /** What a client would send as `Last-Event-ID`. */
  readonly lastId: string;
  /** Everything that came, as it came. */
  text: () => string;
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  close: () => void;
}

/** Opens an event stream as `fetch` does; throws when it is refused. */
export async function openEvents(url: string, headers: Record<string, string>): Promise<OpenEvents> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (response.status !== 200 || !response.body) throw new Error(`no stream but ${await response.text()}`);
  let text = '';
  const stream: OpenEvents = {
    headers: response.headers,
    events: [],
    get lastId() {
      return [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
    },
    text: () => text,
    ended: Promise.resolve(),
    close: () => {
      abort.abort();
    },
  };
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      stream.events = text.split('\n\n').slice(0, -1).flatMap(eventOf);
    }
  };
  stream.ended = read(response.body).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return stream;
}

function eventOf(block: string): OpenEvents['events'] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [id, type, data] = [field('id'), field('event'), field('data')];
  if (id === undefined || type === undefined || data === undefined) return [];
  return [{ id, type, data: JSON.parse(data) as Record<string, unknown> }];
}
