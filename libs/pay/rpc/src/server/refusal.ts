import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';

/** A bare gRPC status: nothing was executed, and it says nothing that is not known to everybody. */
export class Refusal extends Error implements ServiceError {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
  ) {
    super(details);
    this.name = new.target.name;
  }
}

export { status };
