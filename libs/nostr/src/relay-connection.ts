import { unixSeconds, type Clock } from '@caravel/domain';
import { WebSocket, type RawData } from 'ws';
import { orAborted } from './deadline.js';
import { isValidEvent, type NostrEvent } from './events.js';
import { matchesFilters, type Filter } from './filter.js';
import { asksForAuth, relayAuthEvent } from './nip42.js';
import { Pending } from './pending.js';
import { parseRelayMessage, type RelayMessage } from './relay-message.js';
import type { ConnectRelay } from './relay-pool-types.js';
import { asBuffer, CONNECT_TIMEOUT_MS, endSocket } from './relay-socket.js';
import type { Signer } from './signer.js';

export interface RelayConnectionOptions {
  url: string;
  connect: ConnectRelay;
  clock: Clock;
  auth: Signer | undefined;
  maxMessageBytes: number;
  /** A relay that says nothing for this long although asked is gone. */
  pingMs: number;
  onClose: () => void;
}

/** What is wanted of a subscription. A listener that throws ends the connection, with its message as the reason. */
export interface RequestHandlers {
  filters: readonly Filter[];
  /** Asked before the signature is checked, so that what five relays send is checked once. */
  isKnown: (id: string) => boolean;
  onEvent: (event: NostrEvent) => void;
  onEose: () => void;
}

interface Answer {
  ok: boolean;
  message: string;
}

interface Submission {
  verb: 'EVENT' | 'AUTH';
  event: NostrEvent;
  onHanded?: () => void;
}

interface OpenRequest extends RequestHandlers {
  onClosed: (message: string) => void;
}

/** A relay that sends more than this of what it must not send is not listened to any longer. */
const MAX_INVALID_EVENTS = 100;

/** One socket to one relay: opens once, ends once. The relay is a stranger: nothing it sends can throw here. */
export class RelayConnection {
  readonly #options: RelayConnectionOptions;
  readonly #pending = new Pending();
  readonly #requests = new Map<string, OpenRequest>();
  readonly #answers = new Map<string, Set<(answer: Answer) => void>>();
  readonly #challengeWaiters = new Set<(challenge: string) => void>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #opened: Promise<undefined>;
  #socket: WebSocket | undefined;
  #challenge: string | undefined;
  #authenticated: Promise<boolean> | undefined;
  #invalidEvents = 0;
  #requestCount = 0;
  #heard = true;

  constructor(options: RelayConnectionOptions) {
    this.#options = options;
    this.#timers.push(
      setTimeout(() => {
        this.close('no connection in time');
      }, CONNECT_TIMEOUT_MS),
    );
    this.#opened = this.#pending.wait<undefined>(undefined, (resolve) => {
      this.#open().then(
        () => {
          resolve(undefined);
        },
        (error: unknown) => {
          this.close(textOf(error));
        },
      );
      return () => undefined;
    });
    this.#opened.catch(() => undefined); // whoever waits for it gets the reason
  }

  get isClosed(): boolean {
    return this.#pending.hasEnded;
  }

  /**
   * Resolves with the relay's OK; authenticates and sends once more when asked to. `onHanded` is called right before the event
   * first leaves. Rejects when the connection ends or `signal` is aborted.
   */
  async publish(
    event: NostrEvent,
    { signal, onHanded }: { signal: AbortSignal; onHanded: () => void },
  ): Promise<Answer> {
    await orAborted(this.#opened, signal);
    const submit = () => this.#submit({ verb: 'EVENT', event, onHanded }, signal);
    const answer = await submit();
    if (answer.ok || !asksForAuth(answer.message)) return answer;
    return (await this.#authenticate(signal)) ? submit() : answer;
  }

  /**
   * Keeps a subscription open until the relay ends it (resolves with its words), the connection ends or `signal` is aborted
   * (both reject). Authenticates and asks once more when asked to.
   */
  async request(handlers: RequestHandlers, signal: AbortSignal): Promise<string> {
    await orAborted(this.#opened, signal);
    const closed = await this.#ask(handlers, signal);
    if (!asksForAuth(closed) || !(await this.#authenticate(signal))) return closed;
    return this.#ask(handlers, signal);
  }

  close(reason: string): void {
    if (this.isClosed) return;
    this.#pending.end(new Error(reason));
    this.#timers.forEach((timer) => {
      clearTimeout(timer);
    });
    if (this.#socket) endSocket(this.#socket);
    this.#options.onClose();
  }

  async #open(): Promise<void> {
    const socket = await this.#options.connect(this.#options.url);
    if (this.isClosed) {
      endSocket(socket);
      return;
    }
    this.#socket = socket;
    const opened = new Promise<void>((resolve) => {
      if (socket.readyState === WebSocket.OPEN) resolve();
      socket.once('open', resolve);
    });
    socket.on('error', (error) => {
      this.close(error.message);
    });
    socket.on('close', (code) => {
      this.close(`connection closed (${code})`);
    });
    socket.on('pong', () => (this.#heard = true));
    socket.on('message', (data) => {
      this.#receive(data);
    });
    await opened;
    clearTimeout(this.#timers[0]);
    this.#timers.push(
      setInterval(() => {
        this.#ping();
      }, this.#options.pingMs),
    );
  }

  /** Finds sockets whose other end vanished without a word: no event would ever tell. */
  #ping(): void {
    if (!this.#heard) this.close('no sign of life');
    this.#heard = false;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  #receive(data: RawData): void {
    this.#heard = true;
    const bytes = asBuffer(data);
    if (bytes.length > this.#options.maxMessageBytes) {
      this.close('message too long');
      return;
    }
    const message = this.isClosed ? undefined : parseRelayMessage(bytes.toString());
    try {
      if (message) this.#dispatch(message);
    } catch (error) {
      this.close(`listener failed: ${textOf(error)}`);
    }
  }

  #dispatch(message: RelayMessage): void {
    switch (message[0]) {
      case 'EVENT':
        this.#take(message[1], message[2]);
        return;
      case 'EOSE':
        this.#requests.get(message[1])?.onEose();
        return;
      case 'CLOSED':
        this.#requests.get(message[1])?.onClosed(message[2]);
        return;
      case 'COUNT': // asked for by nobody here
        return;
      case 'OK':
        this.#answers.get(message[1])?.forEach((resolve) => {
          resolve({ ok: message[2], message: message[3] });
        });
        return;
      case 'AUTH':
        this.#challenge = message[1];
        this.#authenticated = undefined;
        this.#challengeWaiters.forEach((resolve) => {
          resolve(message[1]);
        });
    }
  }

  #take(requestId: string, value: unknown): void {
    const request = this.#requests.get(requestId);
    if (!request || request.isKnown(claimedId(value))) return;
    if (isValidEvent(value) && matchesFilters(request.filters, value)) {
      request.onEvent(value);
      return;
    }
    this.#invalidEvents += 1;
    if (this.#invalidEvents > MAX_INVALID_EVENTS) this.close('sent too many events that are invalid or not asked for');
  }

  #ask(handlers: RequestHandlers, signal: AbortSignal): Promise<string> {
    this.#requestCount += 1;
    const id = `c${this.#requestCount}`;
    return this.#pending.wait<string>(signal, (onClosed) => {
      this.#requests.set(id, { ...handlers, onClosed });
      this.#send(['REQ', id, ...handlers.filters]);
      return () => {
        this.#requests.delete(id);
        if (this.#socket?.readyState === WebSocket.OPEN) this.#send(['CLOSE', id]);
      };
    });
  }

  #submit({ verb, event, onHanded }: Submission, signal?: AbortSignal): Promise<Answer> {
    return this.#pending.wait<Answer>(signal, (resolve) => {
      const waiters = this.#answers.get(event.id) ?? new Set();
      this.#answers.set(event.id, waiters.add(resolve));
      this.#send([verb, event], onHanded);
      return () => {
        waiters.delete(resolve);
        if (waiters.size === 0) this.#answers.delete(event.id);
      };
    });
  }

  /** False when we have nobody to be, or the relay does not accept us. One attempt per challenge, shared by all who wait. */
  async #authenticate(signal: AbortSignal): Promise<boolean> {
    const { auth, clock, url } = this.#options;
    if (!auth) return false;
    const text = this.#challenge ?? (await this.#nextChallenge(signal));
    const event = relayAuthEvent(auth, { url, text, nowS: unixSeconds(clock.now()) });
    this.#authenticated ??= this.#submit({ verb: 'AUTH', event }).then(({ ok }) => ok);
    return orAborted(this.#authenticated, signal);
  }

  /** A relay may demand authentication before its challenge arrives. */
  #nextChallenge(signal: AbortSignal): Promise<string> {
    return this.#pending.wait<string>(signal, (resolve) => {
      this.#challengeWaiters.add(resolve);
      return () => this.#challengeWaiters.delete(resolve);
    });
  }

  #send(message: unknown[], onHanded?: () => void): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw new Error('connection is closing');
    const text = JSON.stringify(message);
    onHanded?.();
    this.#socket.send(text);
  }
}

function claimedId(value: unknown): string {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : '';
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
