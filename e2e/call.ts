import type { Page } from '@playwright/test'

/** Call a procedure from a page, with its cookie and origin, as the console does. Returns the data or the refusal. */
export async function call(
  page: Page,
  procedure: string,
  input: unknown,
): Promise<{ status: number; data?: unknown; refusal?: { code: string } | undefined }> {
  return page.evaluate(
    async ([name, body]) => {
      const response = await fetch(`/trpc/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const answer = (await response.json()) as {
        result?: { data: unknown }
        error?: { data: { refusal: { code: string } } }
      }
      return { status: response.status, data: answer.result?.data, refusal: answer.error?.data.refusal }
    },
    [procedure, JSON.stringify(input)] as const,
  )
}
