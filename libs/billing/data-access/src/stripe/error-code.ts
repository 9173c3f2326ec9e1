/** The bank's code, else Stripe's, else null; the SDK has empty texts for those that are missing. */
export function errorCode({ decline_code: decline, code }: { decline_code?: string; code?: string }): string | null {
  return [decline, code].find((each) => each !== undefined && each !== '') ?? null;
}
