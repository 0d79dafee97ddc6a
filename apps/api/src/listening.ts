import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Env } from './env.ts'
import { OperatorError } from './operatorError.ts'

/** Why listening failed, by the operating system's code. */
const REASON: Record<string, (at: string) => string> = {
  EADDRINUSE: (at) => `${at} is already in use: stop what uses it, or set PORT.`,
  EACCES: (at) => `There is no permission to listen on ${at}: set PORT to a number of 1024 or more.`,
  EADDRNOTAVAIL: (at) => `${at} is not an address of this machine: set HOST to one of its own.`,
  ENOTFOUND: (at) => `${at} can't be found: set HOST to an address of this machine.`,
}

function at(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Listen, and give the address that people open: PUBLIC_URL, else this machine's own.
 * @throws {OperatorError} when the port can't be had
 */
export async function listenAt(app: FastifyInstance, { host, port, publicUrl }: Pick<Env, 'host' | 'port' | 'publicUrl'>): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? REASON[String(error.code)] : undefined
    throw reason ? new OperatorError(reason(at(host, port)), { cause: error }) : error
  }
  return publicUrl ?? `http://${at(ownName(host), boundPort(app) ?? port)}`
}

/** Listening on every address, or on one that isn't a loopback name: without PUBLIC_URL only the loopback ones are answered. */
function ownName(host: string): string {
  return host === '127.0.0.1' || host === '::1' ? host : 'localhost'
}

/** The port in use, once listening. */
function boundPort(app: FastifyInstance): number | undefined {
  const address: AddressInfo | string | null = app.server.address()
  return address !== null && typeof address === 'object' ? address.port : undefined
}
