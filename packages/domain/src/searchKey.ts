/**
 * Folds a text for searching, sorting and comparing names: compatibility forms, case and what can't be seen away, spaces as one; accents only from
 * letters that have them for one's ear (in other scripts a mark is as good as a letter: か is not が). "  José " gives "jose".
 */
export function searchKey(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      // What stood apart may stand together now.
      .normalize('NFKD')
      .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
      .toLowerCase()
      .replace(/\s+/gu, ' ')
      .trim()
  )
}
