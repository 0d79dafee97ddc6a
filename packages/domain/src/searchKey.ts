/** Folds a text for searching, sorting and comparing names: compatibility forms, accents and case away, spaces as one. "  José " gives "jose". */
export function searchKey(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim()
}
