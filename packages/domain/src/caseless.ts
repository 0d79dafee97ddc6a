/**
 * Folds a name to compare it: without case, invisible characters, kinds and runs of spaces, and forms of composition. Accents stay: "Résumé" is not
 * "Resume".
 */
export function caseless(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim()
}
