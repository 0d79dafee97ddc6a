import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server in a process of its own. */
export interface ServerProcess {
  address: string
  stop: () => Promise<void>
}

/** Where a server runs: a checkout, and the settings of its environment. */
export interface ServerOptions {
  root: string
  env: Record<string, string>
}

/**
 * Starts the server of a prepared checkout by the command that its `npm start` ends with. Resolves once the server has
 * printed its address.
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { scripts } = JSON.parse(await readFile(join(options.root, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const command = scripts.start.slice(scripts.start.indexOf('exec '))
  return startProgram('sh', ['-c', command], options)
}

/** Starts the server of a checkout by `npm start`. Resolves once the server has printed its address. */
export function npmStart(options: ServerOptions): Promise<ServerProcess> {
  return startProgram('npm', ['start'], options)
}

async function startProgram(command: string, args: string[], { root, env }: ServerOptions): Promise<ServerProcess> {
  const program = spawn(command, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A process group of its own, so that one signal stops all of it.
    detached: true,
  })
  const ended = once(program, 'exit')
  const kill = (): void => {
    if (program.pid !== undefined && program.exitCode === null) process.kill(-program.pid, 'SIGTERM')
  }
  process.once('exit', kill)
  const address = await printedAddress(program.stdout)
  return {
    address,
    async stop() {
      process.removeListener('exit', kill)
      kill()
      await ended
    },
  }
}

async function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /Roster runs at (\S+)/u.exec(line)?.[1]
    if (address) {
      // Later output must not fill the pipe.
      output.resume()
      return address
    }
  }
  throw new Error('the server ended before it was ready')
}
