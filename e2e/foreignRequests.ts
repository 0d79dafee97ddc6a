import type { Page } from '@playwright/test'

/** Collects, from now on, requests to anywhere but the server itself, and what the Content-Security-Policy refused. Both lists stay empty in a console that is whole. */
export function watchForeignRequests(page: Page, address: string): string[] {
  const strangers: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(`${address}/`) && !/^(?:data|blob):/u.test(request.url())) strangers.push(request.url())
  })
  page.on('console', (message) => {
    if (/Content Security Policy/iu.test(message.text())) strangers.push(message.text())
  })
  return strangers
}
