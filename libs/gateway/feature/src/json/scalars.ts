/** Booleans of relays are 0 or 1 in this API. */
export const toFlag = (value: boolean): 0 | 1 => (value ? 1 : 0);
