import { AppError } from '@caravel/domain';
import type { CallReplies } from './call-replies.js';

/**
 * Hands answers to whoever waits for them. All waiting calls are looked up in one statement: when an answer is
 * announced, and every 200 ms, because an announcement may be lost with its connection.
 */
export function replyInbox({ take, onError }: ReplyInboxOptions): ReplyInbox {
  const waiting = new Map<string, (reply: unknown) => void>();
  let poll: NodeJS.Timeout | undefined;
  let looking = false;
  let lookAgain = false;

  const look = async (): Promise<void> => {
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    try {
      do {
        lookAgain = false;
        const replies = waiting.size > 0 ? await take([...waiting.keys()]) : [];
        for (const { callId, reply } of replies) waiting.get(callId)?.(reply);
        // Set by an announcement that came in during the await above.
      } while (lookAgain as boolean);
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      looking = false;
    }
  };

  const forget = (callId: string): void => {
    waiting.delete(callId);
    if (waiting.size > 0) return;
    clearInterval(poll);
    poll = undefined;
  };

  return {
    expect: async (callId, signal) => {
      poll ??= setInterval(() => void look(), POLL_MS);
      try {
        return await new Promise<unknown>((resolve, reject) => {
          waiting.set(callId, resolve);
          const giveUp = (): void => {
            reject(signal.reason instanceof AppError ? signal.reason : noAnswer(signal.reason));
          };
          if (signal.aborted) giveUp();
          else signal.addEventListener('abort', giveUp, { once: true });
        });
      } finally {
        forget(callId);
      }
    },
    announced: (callId) => {
      if (waiting.has(callId)) void look();
    },
  };
}

const POLL_MS = 200;

function noAnswer(cause: unknown): AppError {
  return new AppError(
    'service-unavailable',
    'The service that knows the answer is not available. Try again in a moment.',
    {
      cause,
    },
  );
}

export interface ReplyInbox {
  /** Resolves with the answer; rejects when the signal is aborted, as `service-unavailable` or its AppError reason. */
  expect: (callId: string, signal: AbortSignal) => Promise<unknown>;
  /** An answer was announced, perhaps to another process. */
  announced: (callId: string) => void;
}

interface ReplyInboxOptions {
  take: CallReplies['take'];
  onError: (error: Error) => void;
}
