import Stripe from 'stripe';

const CLOSED = ['ECONNRESET', 'EPIPE'];

/**
 * Node's HTTP client, without the one retry that the SDK can't be kept from: what met a closed connection. Stripe may have
 * done the first request, and "too many requests" to the second would read as if nothing had been done. Reading may be repeated.
 */
export function sendOnce(): Stripe.HttpClient {
  const http = Stripe.createNodeHttpClient();
  return {
    getClientName: () => http.getClientName(),
    makeRequest: async (...request) => {
      const [, , , method] = request;
      try {
        return await http.makeRequest(...request);
      } catch (error) {
        if (method === 'GET' || !isClosed(error)) throw error;
        // The same error without the code by which the SDK would know it.
        throw new Error('the connection closed before an answer came', { cause: error });
      }
    },
  };
}

const isClosed = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && CLOSED.includes(String(error.code));
