import { WebSocket } from 'ws';

// The SDK takes the global WebSocket when its modules load, and Node 20 has none: import this file before it.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });
