import subsetFont from 'subset-font'
import type { Plugin } from 'vite'

/** The weights that the pages use. The font's full range, 100 to 900, is a large part of its size. */
const WEIGHTS = { min: 400, max: 700 }

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('')

/**
 * The letters that each font file keeps: those of living languages, without phonetic alphabets and transliterations.
 * For these a browser uses a system font. Files that are not listed keep all letters.
 */
const LETTERS: Readonly<Record<string, string>> = {
  latin: `${range(0x20, 0x7e)}${range(0xa0, 0xff)}ıŒœʼˆ˚˜${range(0x2000, 0x206f)}€™↑↓−∕`,
  // Latin Extended-A, with letters of Romanian and German.
  'latin-ext': `${range(0x100, 0x17f)}ȘșȚțẞ`,
}

/** Removes unused letters and weights from the font, which more than halves its size. */
export function slimFont(): Plugin {
  return {
    name: 'roster:slim-font',
    apply: 'build',
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const [, part] = /(?:^|\/)inter-(.+)-wght-normal[^/]*\.woff2$/u.exec(file.fileName) ?? []
        if (file.type !== 'asset' || part === undefined || typeof file.source === 'string') continue
        const letters = LETTERS[part]
        const keepAll = letters === undefined ? { keepAllGlyphs: true } : {}
        file.source = await subsetFont(Buffer.from(file.source), letters ?? '', {
          targetFormat: 'woff2',
          variationAxes: { wght: WEIGHTS },
          ...keepAll,
        })
      }
    },
  }
}
