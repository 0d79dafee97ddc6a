/** The cookies that a server set, kept as a browser keeps them. */
export class Cookies {
  readonly #values: Map<string, string>

  /** @param header the first cookies, as a `cookie` header */
  constructor(header = '') {
    this.#values = new Map(header.split(';').flatMap(pair))
  }

  /** The `cookie` header of a request; null when there are no cookies. */
  get header(): string | null {
    return this.#values.size === 0 ? null : [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Stores the cookies that an answer sets, and deletes those that it expires. */
  update(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [first = '', ...attributes] = cookie.split(';')
      const expired = attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/iu.test(attribute))
      for (const [name, value] of pair(first)) {
        if (expired) this.#values.delete(name)
        else this.#values.set(name, value)
      }
    }
  }
}

function pair(text: string): [name: string, value: string][] {
  const at = text.indexOf('=')
  return at < 1 ? [] : [[text.slice(0, at).trim(), text.slice(at + 1).trim()]]
}
