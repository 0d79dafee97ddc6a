import {
  checkSessions,
  type Database,
  findEventsFrom,
  findMemberTimeouts,
  findWorkspaceTimeouts,
  type OutboxEvent,
  oldestUnread,
} from '@roster/db'
import { type Actor, refuse, type Topic } from '@roster/domain'
import type { FastifyBaseLogger } from 'fastify'
import { isInNetworks } from '../security/network.ts'
import type { ChangedEvent } from './coalescer.ts'
import { Connection } from './connection.ts'
import { type Position, readEventId } from './eventId.ts'
import { OutboxReader } from './outboxReader.ts'
import { type FindVisibleTopics, findVisibleTopics } from './topics.ts'

/** Each connection's session is checked this often, and when it expires. Milliseconds. */
const RECHECK_MS = 30_000
/** How often due sessions and expired memberships are looked for. Milliseconds. */
const TICK_MS = 250
/** Delay before a failed check is repeated. Milliseconds. */
const RETRY_MS = 1_000
/** Connections of one session on one node. A browser's tabs share one connection, so no real client comes close. */
const CONNECTIONS_PER_SESSION = 50
/** A client that missed more events of the instance than this fetches everything again. */
const MISSED_MAX = 1_000
/** The same for the events that the client may see. */
const MISSED_VISIBLE_MAX = 200

export interface HubOptions {
  db: Pick<Database, 'pool'>
  directUrl: string
  /** Signs the ids of events; all nodes have the same. */
  hmacKey: Buffer
  log: FastifyBaseLogger
  findVisible?: FindVisibleTopics
  onJobs?: (names: readonly string[]) => void
}

/** A client that opens a stream. */
export interface Client {
  sessionId: string
  actor: Actor
  address: string
  /** The last event that it received. */
  lastEventId?: string | undefined
}

/**
 * One node's open connections: sends them the changes they may see, and closes those that lost their session or their
 * rights.
 */
export class ConnectionHub {
  readonly #pool: Database['pool']
  readonly #log: FastifyBaseLogger
  readonly #reader: OutboxReader
  readonly #key: Buffer
  readonly #findVisible: FindVisibleTopics
  readonly #connections = new Set<Connection>()
  #position: Position = { transaction: '0', source: '', at: 0 }
  #ticking: NodeJS.Timeout | undefined

  /** `onJobs` learns the names of new jobs. */
  constructor({ db, directUrl, hmacKey, log, findVisible = findVisibleTopics, onJobs = () => undefined }: HubOptions) {
    this.#pool = db.pool
    this.#log = log
    this.#key = hmacKey
    this.#findVisible = findVisible
    this.#reader = new OutboxReader(
      { directUrl, log },
      {
        onEvents: (events) => this.#dispatch(events),
        onPosition: (position) =>
          this.#advance({ transaction: oldestUnread(position), source: position.source, at: Date.now() }),
        onStale: () => this.#closeAll(),
        onJobs,
      },
    )
  }

  /** The number of open connections on this node. */
  get open(): number {
    return this.#connections.size
  }

  async start(): Promise<void> {
    await this.#reader.start()
    this.#ticking = setInterval(() => void this.#tick(), TICK_MS).unref()
  }

  /** Reads the outbox now, on this node and the others. Called after a commit. */
  wake(): void {
    this.#reader.wake()
  }

  /** Closes every connection and stops reading. Clients reconnect to another node, or after the restart. */
  async close(): Promise<void> {
    clearInterval(this.#ticking)
    this.#closeAll()
    await this.#reader.close()
  }

  /**
   * Opens a connection for a session. It is registered before the session is checked once more, so a revocation in
   * between still closes it. The check uses the pool of the calls: the reader's own connections stay free when many
   * clients reconnect at once.
   * @throws BUSY when the session has too many connections
   */
  async connect(client: Client): Promise<Connection> {
    if (
      [...this.#connections].filter(({ sessionId }) => sessionId === client.sessionId).length >= CONNECTIONS_PER_SESSION
    )
      throw refuse('BUSY', {})
    const connection = new Connection({ ...client, position: this.#position, key: this.#key })
    if (!this.#reader.isCurrent) {
      connection.end({ kind: 'closed', why: 'server' })
      return connection
    }
    this.#connections.add(connection)
    try {
      if (connection.onlyAssigned)
        for (const [id, expiresIn] of await findWorkspaceTimeouts(this.#pool, client.actor.id))
          connection.assign(id, expiresIn)
      await this.#greet(connection, client.lastEventId)
      await this.#recheck([connection], this.#pool)
    } catch (error) {
      this.disconnect(connection)
      throw error
    }
    return connection
  }

  /** Greets a client, and sends what it missed since its last event if that is known. */
  async #greet(connection: Connection, lastEventId: string | undefined): Promise<void> {
    const from =
      lastEventId === undefined ? null : readEventId(lastEventId, this.#position.source, connection.access, this.#key)
    const events = from && (await findEventsFrom(this.#pool, from.transaction, MISSED_MAX))
    const missed = events?.filter((event) => connection.mayReceive(event)).map(changedEvent)
    if (missed && missed.length <= MISSED_VISIBLE_MAX) connection.hello(from, missed)
    else connection.hello(null)
  }

  /**
   * Carries these topics on a connection of the session, and no others. They are checked before, and again after: a
   * change of access in between finds them on the connection.
   * @throws NOT_FOUND for a topic that the actor can't see, or a connection that isn't the session's own or not here
   */
  async watch(connectionId: string, sessionId: string, topics: readonly Topic[]): Promise<void> {
    const connection = [...this.#connections].find(
      ({ id, sessionId: owner, closed }) => id === connectionId && owner === sessionId && !closed,
    )
    if (!connection) throw refuse('NOT_FOUND', { what: 'connection' })
    if ((await this.#findHidden(connection, topics, this.#pool)).length > 0)
      throw refuse('NOT_FOUND', { what: 'thread' })
    connection.watch(topics)
    const hidden = await this.#findHidden(connection, topics, this.#pool)
    connection.unwatch(hidden)
    if (hidden.length > 0) throw refuse('NOT_FOUND', { what: 'thread' })
  }

  /** Which of these topics the connection's actor may not receive. */
  async #findHidden({ actor }: Connection, topics: readonly Topic[], pool: Database['pool']): Promise<Topic[]> {
    if (topics.length === 0) return []
    const visible = await this.#findVisible(pool, actor, topics)
    return topics.filter(({ kind, id }) => !visible.some((topic) => topic.kind === kind && topic.id === id))
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
    if (events.some(({ capability }) => capability === 'member' || capability === 'workspace'))
      await this.#recheckTopics()
    for (const connection of this.#connections)
      for (const event of events)
        if (!connection.closed && connection.mayReceive(event)) connection.send(changedEvent(event))
  }

  #advance(position: Position): void {
    this.#position = position
    for (const connection of this.#connections) connection.advance(position)
  }

  /** Stops carrying the topics that a change of members or workspaces hides. */
  async #recheckTopics(): Promise<void> {
    for (const connection of this.#connections)
      connection.unwatch(await this.#findHidden(connection, connection.topics, this.#reader.pool))
  }

  /** May fail: while the database is unreachable, the reader turns stale and closes every connection anyway. */
  async #tick(): Promise<void> {
    for (const connection of this.#connections) connection.heartbeat()
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

function changedEvent({ capability, targetId, workspaceId }: OutboxEvent): ChangedEvent {
  return { kind: 'changed', capability, targetId, workspaceId }
}
