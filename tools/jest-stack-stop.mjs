// jest's globalTeardown: stops what tools/jest-stack.mjs started.
export default async function stopStack() {
  for (const server of (globalThis.testStack ?? []).splice(0).reverse()) await server.stop();
}
