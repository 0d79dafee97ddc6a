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

const FILE = {
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="users-2026-11-25.csv"',
  },
}

/**
 * The user list's actions, with a server that answers an export like this; returns the files that the browser saved.
 */
async function page(answer: (address: string) => Promise<Response>) {
  vi.stubGlobal('fetch', answer)
  const saved: { name: string; text: () => Promise<string> }[] = []
  let file = new Blob()
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    file = blob as Blob
    return 'blob:x'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const savedFile = file
    saved.push({ name: this.download, text: () => savedFile.text() })
  })
  const list = { filter: { search: 'mia' }, sort: 'username' as const, descending: false }
  const component = defineComponent({ setup: () => () => h(ImportExport, { list }) })
  shown = await openConsole('manager', '/settings/users', [{ path: 'settings/users', name: 'users', component }])
  return { ...shown, saved }
}

test('an export saves the filtered list under the name from the server', async () => {
  const addresses: string[] = []
  const { press, said, saved } = await page(async (address) => {
    addresses.push(address)
    return new Response('username\r\nmia\r\n', FILE)
  })
  await press('Export')
  expect(addresses.map((address) => new URL(address, 'http://localhost').searchParams.get('input'))).toEqual([
    JSON.stringify({ filter: { search: 'mia' }, sort: 'username', descending: false }),
  ])
  expect(saved.map(({ name }) => name)).toEqual(['users-2026-11-25.csv'])
  expect(await saved[0]?.text()).toBe('username\r\nmia\r\n')
  expect(said()).toEqual([['Export downloaded', 'Includes all users matching the current filters.']])
})

test('a refused export shows the reason and saves no file', async () => {
  const { refusal, message } = refuse('EXPORT_RUNNING', {})
  const error = {
    message,
    code: -32029,
    data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, refusal, requestId: 'req-1' },
  }
  const { press, said, saved } = await page(async () => Response.json({ error }, { status: 429 }))
  await press('Export')
  expect(said()).toEqual([['Something went wrong', 'You already have an export running. Wait until it is done.']])
  expect(saved).toEqual([])
})

test('a truncated export is not saved', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('username\r\n'))
      controller.error(new TypeError('network error'))
    },
  })
  const { press, said, saved } = await page(async () => new Response(body, FILE))
  await press('Export')
  expect(said()).toMatchObject([['Something went wrong', expect.any(String)]])
  expect(saved).toEqual([])
})
