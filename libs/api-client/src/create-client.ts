import type { CallInput } from './build-request.js';
import type { CallName, Calls } from './call-types.js';
import { calls } from './calls.js';
import type { CallOptions, ClientOptions } from './client-options.js';
import { pages } from './pages.js';
import type { Page } from './pages.js';
import { readData } from './read-answer.js';
import { sender } from './sender.js';
import { theWorld } from './surroundings.js';
import { tenantEvents } from './tenant-events.js';
import type { EventsOptions, TenantEvent } from './tenant-events.js';

const { streamTenantEvents, ...named } = calls;

/** A method for every endpoint, by its name in `docs/openapi.json` (`operationId`), and two for what goes on. */
export type Client = { [Name in keyof Calls]: Call<Calls[Name]> } & Following;

/** Calls of the public HTTP API. Each throws `ApiError`. */
export function createClient(options: ClientOptions): Client {
  const send = sender(options);
  const ask = async (name: CallName, input: CallInput, callOptions?: CallOptions): Promise<Page<unknown>> => {
    const facts = named[name];
    const read = async (response: Response) => ({
      answer: facts.raw ? response : await readData(response),
      link: response.headers.get('Link'),
    });
    const page = await send({ facts, input, read }, callOptions);
    if (!facts.raw) options.check?.(name, page.answer);
    return page;
  };

  const following: Following = {
    pages: (name, input, callOptions) =>
      pages((next) => ask(name, next, callOptions), input as CallInput) as AsyncGenerator<never>,
    events: ({ pubkey, ...from }) =>
      tenantEvents(
        {
          around: { ...theWorld, ...options.surroundings },
          open: (last, signal) =>
            send(
              {
                facts: streamTenantEvents,
                input: { pubkey },
                read: (response) => response,
                tries: 1,
                ...(last !== undefined && { headers: { 'Last-Event-ID': String(last) } }),
              },
              { signal },
            ),
        },
        from,
      ),
  };
  const methods = Object.keys(named).map((name) => [
    name,
    async (input: CallInput = {}, callOptions?: CallOptions) =>
      (await ask(name as CallName, input, callOptions)).answer,
  ]);
  return { ...(Object.fromEntries(methods) as { [Name in CallName]: Call<Calls[Name]> }), ...following };
}

type Call<C extends { input: object; answer: unknown }> =
  Partial<C['input']> extends C['input']
    ? (input?: C['input'], options?: CallOptions) => Promise<C['answer']>
    : (input: C['input'], options?: CallOptions) => Promise<C['answer']>;

/** The lists that come in pages. */
type ListName = {
  [Name in CallName]: Calls[Name]['input'] extends { query?: { cursor?: unknown } } ? Name : never;
}[CallName];

interface Following {
  /** A list page by page, each as the call of that name answers it. `options` hold for every page. */
  pages: <Name extends ListName>(
    name: Name,
    input: Calls[Name]['input'],
    options?: CallOptions,
  ) => AsyncGenerator<Calls[Name]['answer']>;
  /**
   * What happens to a tenant (activity, invoices, messages), each event once and in order, until the signal is aborted or the
   * loop is left. It connects again by itself. Keep the `id` of the last event to go on from there another time.
   */
  events: (options: EventsOptions & { pubkey: string }) => AsyncGenerator<TenantEvent>;
}
