import type { Clock } from '@caravel/domain';
import { PayError, redactSecrets } from '@caravel/pay-protocol';
import type { CoreDeps, Handle } from '../pay-call.js';

/** How busy this process is. */
export interface Load {
  requests: number;
  inFlight: number;
}

/** Inputs about this process. */
export function about({ clock, settings, program = UNNAMED, load }: AboutDeps) {
  const startedMs = clock.now().getTime();
  const uptimeS = (): number => Math.max(Math.floor((clock.now().getTime() - startedMs) / 1000), 0);

  const version: Handle<'version'> = () =>
    Promise.resolve({
      code: 'version',
      version: program.version,
      protocol_version: PROTOCOL_VERSION,
      server: `${program.name} ${program.version}`,
      trace: { uptime_s: uptimeS(), requests_total: load.requests, in_flight: load.inFlight },
    });

  const close: Handle<'close'> = () =>
    Promise.resolve({
      code: 'close',
      message: 'shutdown',
      trace: { uptime_s: uptimeS(), requests_total: load.requests },
    });

  const show: Handle<'config_show'> = () =>
    Promise.resolve({ ...redactSecrets(settings?.show() ?? {}), code: 'config' as const });

  const config: Handle<'config'> = (input, call) => {
    const { log } = input;
    const [other] = FIXED.filter((name) => input[name] !== undefined);
    if (other !== undefined) {
      throw new PayError('invalid_request', `\`${other}\` can't be changed while the node runs`, {
        hint: 'Change config.toml and start again',
      });
    }
    if (log) settings?.setLog(log);
    return show({ code: 'config_show', id: '' }, call);
  };

  return { version, close, show, config };
}

/** Whatever else the original's schema has. */
const FIXED = ['data_dir', 'exchange_rate', 'afpay_rpc', 'providers'] as const;
const UNNAMED = { name: 'caravel-pay', version: '0.1.0' };
const PROTOCOL_VERSION = 1;

interface AboutDeps extends Pick<CoreDeps, 'settings' | 'program'> {
  clock: Clock;
  load: Load;
}
