import { stat } from 'node:fs/promises'
import { run } from './run.ts'

/** The system account that runs PostgreSQL when Roster runs as root: PostgreSQL refuses to run as root. */
export interface Account {
  uid: number
  gid: number
}

const ACCOUNT_NAME = 'roster-db'

/**
 * The account for a cluster: none unless Roster runs as root. Otherwise the owner of the cluster's files, or Roster's
 * own account, created on first use. If accounts can't be created, it is `nobody`.
 */
export async function databaseAccount(clusterData: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(clusterData).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = (await findAccount(ACCOUNT_NAME)) ?? (await createAccount()) ?? (await findAccount('nobody'))
  if (account === undefined)
    throw new Error(
      'PostgreSQL does not run as root, and no other account was found or could be created. Start Roster as an ordinary user, or set DATABASE_URL.',
    )
  return account
}

async function createAccount(): Promise<Account | undefined> {
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    ACCOUNT_NAME,
  ])
  const created = await findAccount(ACCOUNT_NAME)
  if (created !== undefined) return created
  // BusyBox has only adduser.
  await run('adduser', ['-S', '-D', '-H', ACCOUNT_NAME])
  return findAccount(ACCOUNT_NAME)
}

async function findAccount(name: string): Promise<Account | undefined> {
  const [user, group] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
  if (user.code !== 0 || group.code !== 0) return undefined
  return { uid: Number(user.output), gid: Number(group.output) }
}

/** Whether an account can enter a folder. Asks the system itself, so that access lists and mounts count. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], account)
  return code === 0
}
