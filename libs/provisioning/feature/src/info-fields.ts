/** What a relay's owner can change at zooid itself (NIP-86), by its name in NIP-11 and in zooid's `info`. */
export const INFO_FIELDS = ['name', 'icon', 'description'] as const;
export type InfoField = (typeof INFO_FIELDS)[number];
