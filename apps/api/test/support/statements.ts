import type { Database } from '@roster/db'

/** Reports the text of every statement on connections that open from now on. */
export function watchStatements(db: Database, onStatement: (text: string) => void): void {
  db.pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...args: unknown[]) => unknown
    const watched = (...args: unknown[]): unknown => {
      const [statement] = args
      onStatement(typeof statement === 'string' ? statement : (statement as { text: string }).text)
      return send(...args)
    }
    Object.assign(client, { query: watched })
  })
}
