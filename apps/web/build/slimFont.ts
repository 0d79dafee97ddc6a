import subsetFont from 'subset-font'
import type { Plugin } from 'vite'

/** The weights that the pages use; the font has 100 to 900, which is a good part of its size. */
const WEIGHTS = { min: 400, max: 700 }

const between = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('')

/**
 * What is left in each of the font's files: the letters of the languages that are written with them, without phonetic alphabets and transliterations
 * (for which a browser takes one of the system's fonts). Files that are not named here keep all of their letters.
 */
const LETTERS: Readonly<Record<string, string>> = {
  latin: `${between(0x20, 0x7e)}${between(0xa0, 0xff)}ıŒœʼˆ˚˜${between(0x2000, 0x206f)}€™↑↓−∕`,
  // Latin Extended-A, and what Romanian and German add to it.
  'latin-ext': `${between(0x100, 0x17f)}ȘșȚțẞ`,
}

/** Takes out of the font what no page needs, which makes it less than half as large. */
export function slimFont(): Plugin {
  return {
    name: 'roster:slim-font',
    apply: 'build',
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const [, part] = /(?:^|\/)inter-(.+)-wght-normal[^/]*\.woff2$/u.exec(file.fileName) ?? []
        if (file.type !== 'asset' || part === undefined || typeof file.source === 'string') continue
        const letters = LETTERS[part]
        const which = letters === undefined ? { keepAllGlyphs: true } : {}
        file.source = await subsetFont(Buffer.from(file.source), letters ?? '', { targetFormat: 'woff2', variationAxes: { wght: WEIGHTS }, ...which })
      }
    },
  }
}
