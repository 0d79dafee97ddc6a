/**
 * Folds a text for search, sorting and comparison: without compatibility forms, case, invisible characters and repeated
 * spaces. Accents are removed from Latin, Greek and Cyrillic letters only. In other scripts a mark makes another letter
 * (か is not が). " José " gives "jose".
 */
export function searchKey(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      // Removing characters can bring others together that combine.
      .normalize('NFKD')
      .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
      .toLowerCase()
      .replace(/\s+/gu, ' ')
      .trim()
  )
}
