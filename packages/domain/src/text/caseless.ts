/**
 * Folds a name for comparison. Ignores case, invisible characters, kinds and runs of spaces, and Unicode composition.
 * Accents stay: "Résumé" is not "Resume".
 */
export function caseless(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim()
}
