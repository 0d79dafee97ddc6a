import { checkSessions, type Database, findMemberTimeouts, findWorkspaceTimeouts, type OutboxEvent } from '@roster/db'
import { type Actor, refuse } from '@roster/domain'
import type { FastifyBaseLogger } from 'fastify'
import { isInNetworks } from '../security/network.ts'
import { Connection } from './connection.ts'
import { OutboxReader } from './outboxReader.ts'

/** Each connection's session is checked this often, and when it expires. Milliseconds. */
const RECHECK_MS = 30_000
/** How often due sessions and expired memberships are looked for. Milliseconds. */
const TICK_MS = 250
/** Delay before a failed check is repeated. Milliseconds. */
const RETRY_MS = 1_000
/** Connections of one session on one node. A browser's tabs share one connection, so no real client comes close. */
const CONNECTIONS_PER_SESSION = 50

/**
 * One node's open connections: sends them the changes they may see, and closes those that lost their session or their
 * rights.
 */
export class ConnectionHub {
  readonly #pool: Database['pool']
  readonly #log: FastifyBaseLogger
  readonly #reader: OutboxReader
  readonly #connections = new Set<Connection>()
  #rechecking: NodeJS.Timeout | undefined

  constructor({ db, directUrl, log }: { db: Pick<Database, 'pool'>; directUrl: string; log: FastifyBaseLogger }) {
    this.#pool = db.pool
    this.#log = log
    this.#reader = new OutboxReader(
      { directUrl, log },
      { onEvents: (events) => this.#dispatch(events), onStale: () => this.#closeAll() },
    )
  }

  /** The number of open connections on this node. */
  get open(): number {
    return this.#connections.size
  }

  async start(): Promise<void> {
    await this.#reader.start()
    this.#rechecking = setInterval(() => void this.#recheckDue(), TICK_MS).unref()
  }

  /** Reads the outbox now, on this node and the others. Called after a commit. */
  wake(): void {
    this.#reader.wake()
  }

  /** Closes every connection and stops reading. Clients reconnect to another node, or after the restart. */
  async close(): Promise<void> {
    clearInterval(this.#rechecking)
    this.#closeAll()
    await this.#reader.close()
  }

  /**
   * Opens a connection for a session. It is registered before the session is checked once more, so a revocation in
   * between still closes it. The check uses the pool of the calls: the reader's own connections stay free when many
   * clients reconnect at once.
   * @throws BUSY when the session has too many connections
   */
  async connect(sessionId: string, actor: Actor, address: string): Promise<Connection> {
    if ([...this.#connections].filter((other) => other.sessionId === sessionId).length >= CONNECTIONS_PER_SESSION)
      throw refuse('BUSY', {})
    const connection = new Connection(sessionId, actor, address)
    if (!this.#reader.isCurrent) {
      connection.end({ kind: 'closed', why: 'server' })
      return connection
    }
    this.#connections.add(connection)
    try {
      if (connection.onlyAssigned)
        for (const [id, expiresIn] of await findWorkspaceTimeouts(this.#pool, actor.id))
          connection.assign(id, expiresIn)
      connection.hello()
      await this.#recheck([connection], this.#pool)
    } catch (error) {
      this.disconnect(connection)
      throw error
    }
    return connection
  }

  disconnect(connection: Connection): void {
    connection.abort()
    this.#connections.delete(connection)
  }

  #closeAll(): void {
    for (const connection of this.#connections) connection.end({ kind: 'closed', why: 'server' })
  }

  async #dispatch(events: readonly OutboxEvent[]): Promise<void> {
    // The target of a session event is a user, an organization, or null for the whole instance.
    const targets = new Set(events.filter((event) => event.capability === 'session').map((event) => event.targetId))
    await this.#recheck(
      [...this.#connections].filter(
        ({ actor }) => targets.has(actor.id) || targets.has(actor.organizationId) || targets.has(null),
      ),
    )
    const workspaces = new Set(events.flatMap((event) => event.workspaceId ?? []))
    for (const workspaceId of workspaces) await this.#recheckMembers(workspaceId)
    for (const connection of this.#connections) {
      for (const event of events) {
        if (!connection.closed && connection.mayReceive(event)) {
          connection.send({
            kind: 'changed',
            capability: event.capability,
            targetId: event.targetId,
            workspaceId: event.workspaceId,
          })
        }
      }
    }
  }

  /** May fail: while the database is unreachable, the reader turns stale and closes every connection anyway. */
  async #recheckDue(): Promise<void> {
    // No commit marks the moment at which a membership expires, so no outbox event announces it.
    for (const connection of this.#connections)
      if (connection.hasExpiredMembership) connection.end({ kind: 'closed', why: 'access-changed' })
    const due = [...this.#connections].filter(({ closed, recheckAt }) => !closed && recheckAt <= Date.now())
    await this.#recheck(due).catch((error: unknown) =>
      this.#log.debug({ err: error }, 'could not check the sessions of open streams'),
    )
  }

  /** Checks the sessions of these connections. Closes those that are invalid and those with changed rights. */
  async #recheck(connections: readonly Connection[], pool = this.#reader.pool): Promise<void> {
    if (connections.length === 0) return
    for (const connection of connections) connection.recheckAt = Date.now() + RETRY_MS
    const sessions = await checkSessions(pool, [...new Set(connections.map(({ sessionId }) => sessionId))])
    for (const connection of connections) {
      const session = sessions.get(connection.sessionId)
      if (!session?.valid) connection.end({ kind: 'ended', reason: session?.reason ?? 'expired' })
      else if (
        !connection.isUnchanged(session) ||
        session.factorRequired ||
        !isInNetworks(session.networks, connection.address)
      )
        connection.end({ kind: 'closed', why: 'access-changed' })
      else connection.recheckAt = Date.now() + Math.min(session.expiresIn, RECHECK_MS)
    }
  }

  /**
   * Refresh the memberships after a workspace's members changed. A client that lost the workspace reconnects with its
   * new rights.
   */
  async #recheckMembers(workspaceId: string): Promise<void> {
    const assigned = [...this.#connections].filter((connection) => connection.onlyAssigned)
    if (assigned.length === 0) return
    const members = await findMemberTimeouts(this.#reader.pool, workspaceId, [
      ...new Set(assigned.map(({ actor }) => actor.id)),
    ])
    for (const connection of assigned) {
      const expiresIn = members.get(connection.actor.id)
      if (expiresIn !== undefined) connection.assign(workspaceId, expiresIn)
      else if (connection.isAssigned(workspaceId)) connection.end({ kind: 'closed', why: 'access-changed' })
    }
  }
}
