import type { Database } from '@roster/db'

/** Be told the text of every statement that goes over connections which are made from now on. */
export function watchStatements(db: Database, told: (text: string) => void): void {
  db.pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...args: unknown[]) => unknown
    const watched = (...args: unknown[]): unknown => {
      const [statement] = args
      told(typeof statement === 'string' ? statement : (statement as { text: string }).text)
      return send(...args)
    }
    Object.assign(client, { query: watched })
  })
}
