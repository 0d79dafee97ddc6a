import pg from 'pg'
import { withClient } from '../client/connection.ts'

/** The name of Roster's database and of the role that owns it. */
export const DATABASE = 'roster'

/** Creates the database and its owner if they are missing. Otherwise it only opens one connection. */
export async function ensureDatabase(url: string, adminUrl: string, password: string): Promise<void> {
  if (await canConnect(url)) return
  await withClient(adminUrl, async (client) => {
    const role = pg.escapeIdentifier(DATABASE)
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [DATABASE])
    const verb = roles.rowCount === 0 ? 'CREATE' : 'ALTER'
    await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`)
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${role} OWNER ${role}`)
  })
  await withClient(url, async () => undefined)
}

async function canConnect(url: string): Promise<boolean> {
  return withClient(url, async () => true).catch(() => false)
}
