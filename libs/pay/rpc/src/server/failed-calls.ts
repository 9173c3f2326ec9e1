/**
 * Addresses whose calls could not be decrypted: after 20 of them within 10 s further ones are refused before any cryptography.
 * Bounded: when too many addresses fail, those that failed first are forgotten first.
 */
export class FailedCalls {
  private readonly byAddress = new Map<string, { count: number; sinceMs: number }>();

  constructor(private readonly nowMs: () => number) {}

  isShutOut(address: string): boolean {
    const failed = this.byAddress.get(address);
    if (!failed) return false;
    if (this.isRecent(failed)) return failed.count >= MAX_FAILED;
    this.byAddress.delete(address);
    return false;
  }

  note(address: string): void {
    const failed = this.byAddress.get(address);
    if (failed && this.isRecent(failed)) {
      failed.count += 1;
      return;
    }
    this.byAddress.delete(address);
    this.byAddress.set(address, { count: 1, sinceMs: this.nowMs() });
    const [oldest] = this.byAddress.keys();
    if (this.byAddress.size > MAX_ADDRESSES && oldest !== undefined) this.byAddress.delete(oldest);
  }

  /** A clock that was set back shuts nobody out for as long as it lags. */
  private isRecent({ sinceMs }: { sinceMs: number }): boolean {
    return Math.abs(this.nowMs() - sinceMs) < WINDOW_MS;
  }
}

const WINDOW_MS = 10_000;
const MAX_FAILED = 20;
const MAX_ADDRESSES = 10_000;
