import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Env } from '../env.ts'
import { OperatorError } from './operatorError.ts'

/** The operator's message by the operating system's error code. */
const MESSAGE: Record<string, (address: string) => string> = {
  EADDRINUSE: (address) => `${address} is already in use. Stop the program that uses it, or set PORT to another port.`,
  EACCES: (address) => `Roster has no permission to listen on ${address}. Set PORT to 1024 or higher.`,
  EADDRNOTAVAIL: (address) => `${address} is not an address of this machine. Set HOST to one of its addresses.`,
  ENOTFOUND: (address) => `${address} can't be resolved. Set HOST to an address of this machine.`,
}

function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Starts to listen; returns the address that users open: PUBLIC_URL, else the local one.
 * @throws {OperatorError} when the server can't listen on the address or port
 */
export async function listenAt(
  app: FastifyInstance,
  { host, port, publicUrl }: Pick<Env, 'host' | 'port' | 'publicUrl'>,
): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const message = error instanceof Error && 'code' in error ? MESSAGE[String(error.code)] : undefined
    throw message ? new OperatorError(message(hostAndPort(host, port)), { cause: error }) : error
  }
  return publicUrl ?? `http://${hostAndPort(loopbackName(host), boundPort(app) ?? port)}`
}

/**
 * The local name to open. Without PUBLIC_URL the server answers loopback names only, whatever address it listens on.
 */
function loopbackName(host: string): string {
  return host === '127.0.0.1' || host === '::1' ? host : 'localhost'
}

function boundPort(app: FastifyInstance): number | undefined {
  const address: AddressInfo | string | null = app.server.address()
  return address !== null && typeof address === 'object' ? address.port : undefined
}
