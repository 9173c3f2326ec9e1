/** What the command line says of its own; no node sends it. */
export type OwnOutput = Reconciled | Diagnosis | ArchiveVerified;

/** One round over what is not finished. */
export interface Reconciled {
  code: 'reconciled';
  asked: number;
  open: number;
  trace: { duration_ms: number };
}

/** What answers and what does not. */
export interface Diagnosis {
  code: 'doctor';
  checks: readonly DoctorCheck[];
  warnings: readonly string[];
  trace: { duration_ms: number };
}

export interface DoctorCheck {
  /** `store`, `clock`, `provider ln`, `afpay_rpc wallets`, `price source kraken`, … */
  name: string;
  endpoint?: string | undefined;
  ok: boolean;
  duration_ms: number;
  error?: string | undefined;
}

/** An archive that was read whole. */
export interface ArchiveVerified {
  code: 'archive_verified';
  path: string;
  kind: string;
  files: number;
  content_bytes: number;
  created_at_utc: string;
}
