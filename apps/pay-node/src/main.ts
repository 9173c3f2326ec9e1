import { runPayNode } from '@caravel/pay-daemon';

await runPayNode({ env: process.env });
