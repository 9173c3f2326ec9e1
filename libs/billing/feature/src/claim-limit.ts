/** How many rows one claim takes at most. Whoever got fewer has seen all that was due. */
export const CLAIM_LIMIT = 50;
