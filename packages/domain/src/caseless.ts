/**
 * Folds a name for telling whether another one is the same: case away, and what nobody sees (invisible characters, kinds and runs of spaces, how a
 * character is put together). Accents stay: "Résumé" is not "Resume".
 */
export function caseless(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim()
}
