import { stat } from 'node:fs/promises'
import { run } from './run.ts'

/** The system account that PostgreSQL runs under when we are root, which it refuses to be. */
export interface Account {
  uid: number
  gid: number
}

const OWN_NAME = 'roster-db'

/**
 * The account for a cluster: none unless we are root; else the one that owns the cluster's files already; else an
 * account of our own, made on first use; else `nobody`, where accounts can't be made.
 */
export async function databaseAccount(clusterData: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(clusterData).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = (await lookUp(OWN_NAME)) ?? (await create()) ?? (await lookUp('nobody'))
  if (account === undefined)
    throw new Error(
      'PostgreSQL does not run as root, and no account to run it under was found or could be made. Start Roster as an ordinary user, or set DATABASE_URL.',
    )
  return account
}

async function create(): Promise<Account | undefined> {
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', OWN_NAME])
  const made = await lookUp(OWN_NAME)
  if (made !== undefined) return made
  // BusyBox has adduser only.
  await run('adduser', ['-S', '-D', '-H', OWN_NAME])
  return lookUp(OWN_NAME)
}

async function lookUp(name: string): Promise<Account | undefined> {
  const [user, group] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
  if (user.code !== 0 || group.code !== 0) return undefined
  return { uid: Number(user.output), gid: Number(group.output) }
}

/** Whether an account can enter a folder, asked of the system itself, so that access lists and mounts count too. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], account)
  return code === 0
}
