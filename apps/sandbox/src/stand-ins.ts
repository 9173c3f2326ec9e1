import { runStandIns } from '@caravel/sandbox-life';

const { addresses, stop } = await runStandIns(process.env);
process.stdout.write(`stand-ins: ${Object.keys(addresses).join(', ')}\n`);
process.send?.(addresses);

// The sandbox ends this process by a signal, or by dying itself.
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.once(event, () => {
    void stop().then(() => process.exit(0));
  });
}
