/** Text of the plugin's author as a single line of a document can carry it: control and direction marks become a question mark. */
export function printable(text: string, maxLength: number): string {
  const cut = text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
  // After the cut, which may have split a pair of surrogates.
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
}
