import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { answerRefusal } from './refusals.ts'

/** The pages of the small build that works without a session. */
const SIGN_IN_PAGES = new Set(['/sign-in', '/setup', '/link', '/invitation'])
const NOT_BUILT =
  'The console is not built yet: stop the server and run `npm start`, which builds it, or `npm run dev` while you work on it.\n'

const buildFile = z.object({ styleHashes: z.array(z.string().regex(/^sha(256|384|512)-[A-Za-z0-9+/=]+$/u)) })

/** The hashes of the inline styles that the console's build (`csp.json` in `folder`) needs; none without a build. */
export function readStyleHashes(folder: string): string[] {
  const file = join(folder, 'csp.json')
  return existsSync(file) ? buildFile.parse(JSON.parse(readFileSync(file, 'utf8'))).styleHashes : []
}

/**
 * Serves the console's build from `folder`, precompressed. Hashed files are cached for a year; pages are revalidated.
 * Any other path that a browser opens gets the console's page, which has its own router.
 */
export async function consoleFiles(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  const assets = join(folder, 'assets')
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      index: 'index.html',
      cacheControl: false,
      allowedPath: (path) => path !== '/csp.json' && !/\.(br|gz|map)$/u.test(path),
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    if (path === '/trpc' || path.startsWith('/trpc/'))
      return answerRefusal(request, reply, { code: 'NOT_FOUND', details: { what: 'procedure' } })
    if (!opensPage(request))
      return reply.code(404).type('text/plain; charset=utf-8').send('There is nothing at this address.\n')
    if (!built) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
    return reply.code(200).sendFile(SIGN_IN_PAGES.has(path) ? 'sign-in.html' : 'index.html')
  })
}

/** Whether a browser navigates to a page, rather than requesting a missing script or image. */
function opensPage({ method, headers }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true
}
