import type { Page } from '@playwright/test'

/**
 * Collect requests to other hosts and violations of the content security policy. The list stays empty in a correct
 * console.
 */
export function watchForeignRequests(page: Page, address: string): string[] {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(`${address}/`) && !/^(?:data|blob):/u.test(request.url())) foreign.push(request.url())
  })
  page.on('console', (message) => {
    if (/Content Security Policy/iu.test(message.text())) foreign.push(message.text())
  })
  return foreign
}
