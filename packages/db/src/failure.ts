// What went wrong, told from errors of pg and of Prisma alike. Prisma keeps pg's own code (SQLSTATE) two levels down, and passes some errors on as they are.

/** Prisma's: not reachable, timed out, closed, no connection or no transaction in time, too many connections. */
const PRISMA_UNAVAILABLE = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']
/** What Prisma's driver makes of a socket's errors; raw statements keep nothing else of them. */
const KIND_UNAVAILABLE = ['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout', 'TooManyConnections', 'TlsConnectionError']
const SOCKET_UNAVAILABLE = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH']
/** Connection lost, out of resources (too many connections, disk full), server stopping or starting, statement given up by a timeout, lock not had in time, idle too long, a standby. */
const SQLSTATE_UNAVAILABLE = /^(08\w{3}|53\w{3}|57P0\d|57014|55P03|25P03|25006)$/
/** What pg says without any code. */
const MESSAGE_UNAVAILABLE =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client (was closed|has encountered a connection error) and is not queryable|Cannot use a pool after calling end)/

/** Whether the database can't be had at the moment (gone, restarting, pool full, too slow): the call itself may be fine, and may be made again later. */
export function isUnavailable(error: unknown): boolean {
  return layers(error).some((layer) => {
    const code = layer.originalCode ?? layer.code
    if (typeof code === 'string' && (PRISMA_UNAVAILABLE.includes(code) || SOCKET_UNAVAILABLE.includes(code) || SQLSTATE_UNAVAILABLE.test(code))) return true
    if (typeof layer.kind === 'string' && KIND_UNAVAILABLE.includes(layer.kind)) return true
    // The socket of a server that isn't running is a missing file.
    if (code === 'ENOENT' && String(layer.message).includes('connect ENOENT')) return true
    return MESSAGE_UNAVAILABLE.test(String(layer.message))
  })
}

/** Whether a transaction lost against another (serialization failure, deadlock) and is to be tried again whole. */
export function isSerializationFailure(error: unknown): boolean {
  return layers(error).some((layer) => ['40001', '40P01', 'P2034'].includes(String(layer.originalCode ?? layer.code)))
}

/** The name of the unique index or constraint that refused a row; undefined when the error is something else. */
export function uniqueViolation(error: unknown): string | undefined {
  for (const layer of layers(error)) {
    if (layer.code === '23505') return String(layer.constraint)
    if (layer.kind === 'UniqueConstraintViolation' && isRecord(layer.constraint)) return String(layer.constraint.index)
  }
  return undefined
}

/** An error with everything that it wraps. */
function layers(error: unknown, depth = 0): Layer[] {
  if (!isRecord(error) || depth > 5) return []
  const wrapped = isRecord(error.meta) ? error.meta.driverAdapterError : undefined
  return [error, ...layers(wrapped, depth + 1), ...layers(error.cause, depth + 1)]
}

/** What an error or a part of one may hold, as far as it is looked at here. */
type Layer = {
  [key in 'code' | 'originalCode' | 'kind' | 'message' | 'constraint' | 'index' | 'cause' | 'meta' | 'driverAdapterError']?: unknown
}

function isRecord(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null
}
