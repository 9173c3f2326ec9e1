import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { encryptedMessage, helloReply, helloRequest, sealedFrame, sealedRequest } from './messages.js';
import type { Codec } from './messages.js';

const method = <Request, Response>(
  name: string,
  [request, response]: [Codec<Request>, Codec<Response>],
  responseStream = false,
): MethodDefinition<Request, Response> => ({
  path: `/afpay.AfPay/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: request.encode,
  requestDeserialize: request.decode,
  responseSerialize: response.encode,
  responseDeserialize: response.decode,
});

/** service afpay.AfPay: `Call` as the original has it, the others are envelope v2. */
export const METHODS = {
  Call: method('Call', [encryptedMessage, encryptedMessage]),
  Hello: method('Hello', [helloRequest, helloReply]),
  Call2: method('Call2', [sealedRequest, sealedFrame]),
  Watch2: method('Watch2', [sealedRequest, sealedFrame], true),
} as const satisfies ServiceDefinition;

/** What a request may be, and an answer. */
export const MAX_REQUEST_BYTES = 1024 * 1024;
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
