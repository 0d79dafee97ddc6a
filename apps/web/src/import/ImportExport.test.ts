import { refuse } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { type OpenConsole, openConsole } from '../test.console.ts'
import ImportExport from './ImportExport.vue'

let shown: OpenConsole | undefined
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const FILE = { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="users-2026-11-25.csv"' } }

/** The list's page, on a server that answers an export so; gives the files that the browser was handed. */
async function page(answer: (address: string) => Promise<Response>) {
  vi.stubGlobal('fetch', answer)
  const handed: { name: string; text: () => Promise<string> }[] = []
  let file = new Blob()
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    file = blob as Blob
    return 'blob:there'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const of = file
    handed.push({ name: this.download, text: () => of.text() })
  })
  const list = { filter: { search: 'mia' }, sort: 'username' as const, descending: false }
  const component = defineComponent({ setup: () => () => h(ImportExport, { list }) })
  shown = await openConsole('manager', '/settings/users', [{ path: 'settings/users', name: 'users', component }])
  return { ...shown, handed }
}

test('what the list shows is handed over as the server names it', async () => {
  const asked: string[] = []
  const { press, said, handed } = await page(async (address) => {
    asked.push(address)
    return new Response('username\r\nmia\r\n', FILE)
  })
  await press('Export')
  expect(asked.map((address) => new URL(address, 'http://localhost').searchParams.get('input'))).toEqual([
    JSON.stringify({ filter: { search: 'mia' }, sort: 'username', descending: false }),
  ])
  expect(handed.map(({ name }) => name)).toEqual(['users-2026-11-25.csv'])
  expect(await handed[0]?.text()).toBe('username\r\nmia\r\n')
  expect(said()).toEqual([['The export is downloaded', 'It holds everybody who matches the present filters.']])
})

test('an export that the server refuses says why, and hands nothing over', async () => {
  const { refusal, message } = refuse('EXPORT_RUNNING', {})
  const error = { message, code: -32029, data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, refusal, requestId: 'req-1' } }
  const { press, said, handed } = await page(async () => Response.json({ error }, { status: 429 }))
  await press('Export')
  expect(said()).toEqual([['That did not work', 'You have an export under way already. Wait until it is done.']])
  expect(handed).toEqual([])
})

test('an export that is cut off in the middle is not handed over', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('username\r\n'))
      controller.error(new TypeError('network error'))
    },
  })
  const { press, said, handed } = await page(async () => new Response(body, FILE))
  await press('Export')
  expect(said()).toMatchObject([['That did not work', expect.any(String)]])
  expect(handed).toEqual([])
})
