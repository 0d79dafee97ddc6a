import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Source maps in use, by the address of their file. A burst of errors reads each once; they need not stay. */
const maps = new Map<string, WeakRef<SourceMap>>()
const FRAME = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/gu

/**
 * A stack with the lines of the sources instead of those of the build. Node could do this for every error, but then it
 * keeps every source map in memory, and refusals are errors too. A frame without a source map stays as it is.
 */
export function sourceStack(stack: string): string {
  return stack.replaceAll(FRAME, (frame, url: string, line: string, column: string) => {
    const origin = sourceMapOf(url)?.findOrigin(Number(line), Number(column))
    if (!origin || !('fileName' in origin) || origin.fileName === undefined) return frame
    return `${new URL(origin.fileName, url).href}:${origin.lineNumber}:${origin.columnNumber}`
  })
}

function sourceMapOf(url: string): SourceMap | undefined {
  const known = maps.get(url)?.deref()
  if (known) return known
  try {
    const map = new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')))
    maps.set(url, new WeakRef(map))
    return map
  } catch {
    return undefined
  }
}
