import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@caravel/domain';
import type { ExplainedPay } from '@caravel/pay-core';
import type { NewPayId, OutputOf } from '@caravel/pay-protocol';
import type { DoctorCheck } from './format/own-output.js';

/** What the command line is given from outside; the heavy parts are loaded when a command needs them. */
export interface AfpayDeps {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  clock: Clock;
  newId: NewPayId;
  /** Of this program. */
  version: string;
  /** Ends the modes that run until somebody stops them. */
  signal: AbortSignal;
  local: LocalParts;
}

/** The node in this process. */
export interface LocalParts {
  /** config.toml and what it says about clients. Throws a PayError `invalid_config`. */
  settings: (flags: LocalFlags) => Promise<LocalSettings>;
  /** Opens store and providers. */
  open: (flags: LocalFlags, events: LocalEvents) => Promise<LocalPay>;
  /** Runs the daemon until the signal aborts. */
  serve: (mode: 'rpc' | 'rest', flags: LocalFlags) => Promise<void>;
}

export interface LocalFlags {
  dataDir: string;
  restListen?: string | undefined;
  rpcListen?: string | undefined;
  restApiKey?: string | undefined;
  rpcSecret?: string | undefined;
  publicListen?: boolean | undefined;
}

/** What goes on beside the answers, for whoever wants to be told. */
export interface LocalEvents {
  /** Of `--log`; undefined: those of config.toml. */
  filters?: readonly string[] | undefined;
  tell: (event: OutputOf<'log'>) => void;
}

export interface LocalSettings {
  /** `rpc_endpoint` of config.toml: commands go there. */
  client?: { endpoint: string; secret: string; protocol: 'v1' | 'v2'; nodeId?: Uint8Array | undefined } | undefined;
  warnings: readonly string[];
}

export interface LocalPay extends ExplainedPay {
  /** Opens every endpoint it lists, each with a deadline. */
  doctor: (signal: AbortSignal) => Promise<{ checks: DoctorCheck[]; warnings: string[] }>;
}
