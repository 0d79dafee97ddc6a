import { checkSessions, type Database, filterMembers, findConnectionWorkspaces, type OutboxEvent } from '@roster/db'
import { type Actor, refuse } from '@roster/domain'
import type { FastifyBaseLogger } from 'fastify'
import { isInNetworks } from '../security/network.ts'
import { Connection } from './connection.ts'
import { OutboxReader } from './outboxReader.ts'

/** Every open stream's session is asked again this often, and when it ends by itself. Milliseconds. */
const RECHECK_MS = 30_000
/** How often it is looked whose session is to be asked again, and whose membership has ended by itself. Milliseconds. */
const TICK_MS = 250
/** Whoever could not be asked is asked again. Milliseconds. */
const RETRY_MS = 1_000
/** Open streams of one session on one node: far more than a person's tabs, which share one. */
const STREAMS_PER_SESSION = 50

/** One node's open streams: closes those of whoever was cut off, tells the others what changed. */
export class ConnectionHub {
  readonly #pool: Database['pool']
  readonly #log: FastifyBaseLogger
  readonly #reader: OutboxReader
  readonly #connections = new Set<Connection>()
  #rechecking: NodeJS.Timeout | undefined

  constructor({ db, directUrl, log }: { db: Pick<Database, 'pool'>; directUrl: string; log: FastifyBaseLogger }) {
    this.#pool = db.pool
    this.#log = log
    this.#reader = new OutboxReader({ directUrl, log }, { onEvents: (events) => this.#dispatch(events), onStale: () => this.#closeAll() })
  }

  /** How many streams are open on this node. */
  get open(): number {
    return this.#connections.size
  }

  /** Begin to listen. */
  async start(): Promise<void> {
    await this.#reader.start()
    this.#rechecking = setInterval(() => void this.#recheckDue(), TICK_MS).unref()
  }

  /** A change was committed here: tell this node's streams and the other nodes. */
  wake(): void {
    this.#reader.wake()
  }

  /** Close every stream and stop listening; clients come back, to another node or after the restart. */
  async close(): Promise<void> {
    clearInterval(this.#rechecking)
    this.#closeAll()
    await this.#reader.close()
  }

  /**
   * Open a stream for a session. It is registered before the session is asked once more, so that nobody who was cut off in between slips in.
   * What that takes goes over the calls' connections: however many come back at once, the ear goes on hearing.
   * @throws BUSY when that session has too many open
   */
  async connect(sessionId: string, actor: Actor, address: string): Promise<Connection> {
    if ([...this.#connections].filter((other) => other.sessionId === sessionId).length >= STREAMS_PER_SESSION) throw refuse('BUSY', {})
    const connection = new Connection(sessionId, actor, address)
    if (!this.#reader.isCurrent) {
      connection.end({ kind: 'closed', why: 'server' })
      return connection
    }
    this.#connections.add(connection)
    try {
      if (connection.onlyAssigned) for (const [id, expiresIn] of await findConnectionWorkspaces(this.#pool, actor.id)) connection.assign(id, expiresIn)
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
    const users = new Set(events.filter((event) => event.capability === 'session').map((event) => event.targetId))
    await this.#recheck([...this.#connections].filter(({ actor }) => users.has(actor.id) || users.has(actor.organizationId) || users.has(null)))
    const workspaces = new Set(events.flatMap((event) => event.workspaceId ?? []))
    for (const workspaceId of workspaces) await this.#recheckMembers(workspaceId)
    for (const connection of this.#connections) {
      for (const event of events) {
        if (!connection.closed && connection.mayReceive(event)) {
          connection.send({ kind: 'changed', capability: event.capability, targetId: event.targetId, workspaceId: event.workspaceId })
        }
      }
    }
  }

  /** A database that can't be asked closes the streams by itself, so this may fail. */
  async #recheckDue(): Promise<void> {
    // A membership that ends by itself is nobody's change: no outbox event tells of it.
    for (const connection of this.#connections) if (connection.hasExpiredMembership) connection.end({ kind: 'closed', why: 'access-changed' })
    const due = [...this.#connections].filter(({ closed, recheckAt }) => !closed && recheckAt <= Date.now())
    await this.#recheck(due).catch((error: unknown) => this.#log.debug({ err: error }, 'the streams’ sessions could not be asked again'))
  }

  /** Ask again whether these streams' sessions are good; close those that are not, and those whose authority changed. */
  async #recheck(connections: readonly Connection[], pool = this.#reader.pool): Promise<void> {
    if (connections.length === 0) return
    for (const connection of connections) connection.recheckAt = Date.now() + RETRY_MS
    const now = await checkSessions(pool, [...new Set(connections.map(({ sessionId }) => sessionId))])
    for (const connection of connections) {
      const session = now.get(connection.sessionId)
      if (!session?.valid) connection.end({ kind: 'ended', reason: session?.reason ?? 'expired' })
      else if (!connection.isUnchanged(session) || session.factorRequired || !isInNetworks(session.networks, connection.address))
        connection.end({ kind: 'closed', why: 'access-changed' })
      else connection.recheckAt = Date.now() + Math.min(session.endsIn, RECHECK_MS)
    }
  }

  /** A workspace's members changed: whoever lost it here comes back with fresh rights. */
  async #recheckMembers(workspaceId: string): Promise<void> {
    const assigned = [...this.#connections].filter((connection) => connection.onlyAssigned)
    if (assigned.length === 0) return
    const members = await filterMembers(this.#reader.pool, workspaceId, [...new Set(assigned.map(({ actor }) => actor.id))])
    for (const connection of assigned) {
      const expiresIn = members.get(connection.actor.id)
      if (expiresIn !== undefined) connection.assign(workspaceId, expiresIn)
      else if (connection.isAssigned(workspaceId)) connection.end({ kind: 'closed', why: 'access-changed' })
    }
  }
}
