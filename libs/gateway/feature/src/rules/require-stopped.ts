import { AppError } from '@caravel/domain';
import type { Relay } from '@caravel/domain';

/** Only a stopped relay can be deleted. Throws `relay-active`. */
export function requireStopped({ status, generation, appliedGeneration }: Relay): void {
  if (status !== 'inactive') {
    throw new AppError(
      'relay-active',
      'This relay is not stopped. Please deactivate it first, then it can be deleted.',
    );
  }
  // What is deleted is synced no more, so zooid has to have heard first that it is stopped.
  if (appliedGeneration > 0 && appliedGeneration < generation) {
    throw new AppError('relay-active', 'This relay is still being stopped. Please try again in a minute.');
  }
}
