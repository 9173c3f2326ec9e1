import { loadConfig, runService } from '@caravel/service';
import { gatewayConfig } from './config.js';
import { startGateway } from './start-gateway.js';

await runService({ name: 'api-gateway', config: () => loadConfig(gatewayConfig, process.env) }, startGateway);
