// Classifies errors of both pg and Prisma. Prisma keeps pg's code (SQLSTATE) two levels down, and passes some errors on
// unchanged.

/** Prisma's codes: not reachable, timed out, closed, no connection or transaction in time, too many connections. */
const PRISMA_UNAVAILABLE = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']
/** The kinds that Prisma's driver gives to socket errors. Raw statements keep nothing else of them. */
const KIND_UNAVAILABLE = [
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
]
const SOCKET_UNAVAILABLE = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
]
/**
 * Connection lost, out of resources (connections, disk), server stopping or starting, statement or lock timeout, idle
 * timeout, a standby.
 */
const SQLSTATE_UNAVAILABLE = /^(08\w{3}|53\w{3}|57P0\d|57014|55P03|25P03|25006)$/
/** Messages of pg that come without a code. */
const MESSAGE_UNAVAILABLE =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client (was closed|has encountered a connection error) and is not queryable|Cannot use a pool after calling end)/

/**
 * Whether the database is unavailable for now (down, restarting, pool full, too slow). The same call may succeed later.
 */
export function isUnavailable(error: unknown): boolean {
  return layers(error).some((layer) => {
    const code = layer.originalCode ?? layer.code
    if (
      typeof code === 'string' &&
      (PRISMA_UNAVAILABLE.includes(code) || SOCKET_UNAVAILABLE.includes(code) || SQLSTATE_UNAVAILABLE.test(code))
    )
      return true
    if (typeof layer.kind === 'string' && KIND_UNAVAILABLE.includes(layer.kind)) return true
    // Without a running server, the socket file is missing.
    if (code === 'ENOENT' && String(layer.message).includes('connect ENOENT')) return true
    return MESSAGE_UNAVAILABLE.test(String(layer.message))
  })
}

/**
 * Whether a transaction failed because of another one (serialization failure, deadlock), and should be retried as a
 * whole.
 */
export function isSerializationFailure(error: unknown): boolean {
  return layers(error).some((layer) => ['40001', '40P01', 'P2034'].includes(String(layer.originalCode ?? layer.code)))
}

/** The name of the violated unique index or constraint; undefined for another error. */
export function uniqueViolation(error: unknown): string | undefined {
  for (const layer of layers(error)) {
    if (layer.code === '23505') return String(layer.constraint)
    if (layer.kind === 'UniqueConstraintViolation' && isRecord(layer.constraint)) return String(layer.constraint.index)
  }
  return undefined
}

/** An error and all errors it wraps. */
function layers(error: unknown, depth = 0): Layer[] {
  if (!isRecord(error) || depth > 5) return []
  const wrapped = isRecord(error.meta) ? error.meta.driverAdapterError : undefined
  return [error, ...layers(wrapped, depth + 1), ...layers(error.cause, depth + 1)]
}

/** The fields of an error that are read here. */
type Layer = {
  [key in
    | 'code'
    | 'originalCode'
    | 'kind'
    | 'message'
    | 'constraint'
    | 'index'
    | 'cause'
    | 'meta'
    | 'driverAdapterError']?: unknown
}

function isRecord(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null
}
