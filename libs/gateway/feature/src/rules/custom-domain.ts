import { AppError } from '@caravel/domain';

/** Clients send the field with every edit; only a new value is a request we can't serve. */
export function requireNoCustomDomain(asked: string | undefined, current: string): void {
  if (asked === undefined || asked === current || asked === '') return;
  throw new AppError('invalid-request', 'custom_domain: custom domains are not available on this server yet.', {
    details: [{ path: 'custom_domain', message: 'custom domains are not available on this server yet' }],
  });
}
