/**
 * Text of strangers (relays, wallets, names) fit for one line: no control or formatting characters, which could break a line,
 * turn the direction of writing or be refused by the database; at most `maxChars` characters, cut with an ellipsis.
 */
export function oneLine(text: string, maxChars: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= maxChars ? clean : `${characters.slice(0, maxChars - 1).join('')}…`;
}
