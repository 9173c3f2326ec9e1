import { loadConfig, runService } from '@caravel/service';
import { gatewayConfig } from './config.js';
import { startGateway } from './start-gateway.js';

await runService(
  {
    name: 'api-gateway',
    config: () => loadConfig(gatewayConfig, process.env),
    // Requests that wait for another service may be answered first.
    closeEachMs: 8000,
  },
  startGateway,
);
