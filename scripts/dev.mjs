// `npm run dev`: the API, which restarts when a source changes, behind Vite with hot reload.
import { spawn } from 'node:child_process'
import { pinnedNode, root } from './prepare/run.mjs'

const vitePort = process.env['VITE_PORT'] ?? '5173'
const apiPort = process.env['PORT'] ?? '3000'
// The browser talks to Vite, so the API accepts the Origin and Host of Vite's address.
const address = process.env['PUBLIC_URL'] ?? `http://127.0.0.1:${vitePort}`

const children = [
  start([`--watch`, '--watch-preserve-output', 'apps/api/src/main.ts'], root, { PORT: apiPort, PUBLIC_URL: address }),
  start(
    [
      `${root}node_modules/vite/bin/vite.js`,
      '--host',
      '127.0.0.1',
      '--port',
      vitePort,
      '--strictPort',
      '--clearScreen',
      'false',
    ],
    `${root}apps/web`,
    {
      ROSTER_API: `http://127.0.0.1:${apiPort}`,
    },
  ),
]

process.stdout.write(`The console, with hot reload: ${address}\n`)

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} env
 */
function start(args, cwd, env) {
  const child = spawn(pinnedNode, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
  // One is useless without the other. Ctrl-C reaches both by itself.
  child.on('exit', (code) => {
    process.exitCode = code ?? 0
    for (const other of children) if (other !== child) other.kill('SIGTERM')
  })
  return child
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
  })
}
