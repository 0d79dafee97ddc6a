/** The cookies a server gave, kept as a browser would; a browser's own stay with the browser. */
export class Cookies {
  readonly #values: Map<string, string>

  /** @param header a `cookie` header to begin with */
  constructor(header = '') {
    this.#values = new Map(header.split(';').flatMap(pair))
  }

  /** As the `cookie` header of a request; null when there are none. */
  get header(): string | null {
    return this.#values.size === 0 ? null : [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Take over what an answer sets, and drop what it takes back. */
  keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [first = '', ...attributes] = cookie.split(';')
      const over = attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/iu.test(attribute))
      for (const [name, value] of pair(first)) {
        if (over) this.#values.delete(name)
        else this.#values.set(name, value)
      }
    }
  }
}

function pair(text: string): [name: string, value: string][] {
  const at = text.indexOf('=')
  return at < 1 ? [] : [[text.slice(0, at).trim(), text.slice(at + 1).trim()]]
}
