import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout, with a slash at the end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The pinned Node from the dependencies. */
export const pinnedNode = `${root}node_modules/.bin/node`

/** A failure with a message for the terminal. */
export class Failure extends Error {}

/**
 * Runs a program to its end and shows its output; when quiet, only if it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet: boolean }} options
 * @returns {Promise<number>} its exit code; 1 when it was killed or could not be started
 */
export function runProgram(program, args, { cwd = root, env = {}, quiet }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    })
    /** @type {Buffer[]} */
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 1)
    })
  })
}
