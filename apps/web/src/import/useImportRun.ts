import { generatePassword, IMPORT_CHUNK, type ImportDetail, type ImportRanRow, type ImportRow } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { t } from '../i18n/text.ts'
import { failureOf } from '../lib/failure.ts'
import { errorSentence } from '../lib/refusal.ts'
import { useSession } from '../session/session.store.ts'
import { readImport, useRunImport } from './import.queries.ts'
import { isProblem } from './rowReason.ts'

/** Rows of one call where each password is hashed: about a second's work, so that stopping is quick. */
const PASSWORDS = 20

/** How somebody who was created gets in: told once, kept on this page alone. */
export interface Credential {
  kind: 'link' | 'password'
  text: string
  expiresAt: string | null
}

/**
 * Runs an import chunk by chunk, and keeps what became of each row. Nothing of the links and passwords is kept anywhere but here, until they are
 * downloaded. Stopping is not asking for the next chunk; going on is asking again.
 */
export function useImportRun(detail: ImportDetail) {
  const session = useSession()
  const { mutateAsync: call } = useRunImport()
  const rows = shallowRef<ImportRow[]>(detail.rows)
  const credentials = shallowRef<ReadonlyMap<number, Credential>>(new Map())
  const state = ref<'idle' | 'running' | 'stopping'>('idle')
  const begun = ref(detail.status !== 'ready')
  const failure = ref<string | null>(null)
  const saved = ref(true)
  /** The last answer was lost, or another run has some of the rows: what became of them has to be read. */
  let unsure = false
  onScopeDispose(() => stop())

  const counts = computed(() => {
    const waiting = rows.value.filter(({ outcome }) => outcome === 'create').length
    const problems = rows.value.filter(isProblem).length
    // What was refused as it was looked at is nothing that is run.
    const toRun = rows.value.filter(({ outcome }) => outcome !== 'refused').length
    // What was thrown away has no row any more.
    const discarded = detail.rowCount - rows.value.length
    return { total: rows.value.length, toRun: toRun + discarded, waiting, problems, discarded, created: rows.value.length - waiting - problems }
  })

  async function run(): Promise<void> {
    if (state.value !== 'idle') return
    state.value = 'running'
    begun.value = true
    failure.value = null
    try {
      if (unsure) await readAgain()
      while (isRunning() && counts.value.waiting > 0) await next()
    } catch (error) {
      unsure = true
      failure.value = failureOf(error).kind === 'unreachable' ? t('import.run.unsure') : errorSentence(error)
    }
    state.value = 'idle'
  }
  /** Asked of a function, since it changes while a chunk is awaited. */
  function isRunning(): boolean {
    return state.value === 'running'
  }

  async function next(): Promise<void> {
    const size = detail.credential === 'link' ? IMPORT_CHUNK : PASSWORDS
    const chunk = rows.value.filter(({ outcome }) => outcome === 'create').slice(0, size)
    const passwords = new Map(chunk.map(({ number }) => [number, detail.credential === 'link' ? undefined : generatePassword(session.me.instance.passwordMin)]))
    const asked = chunk.map(({ number }) => ({ number, ...(passwords.get(number) === undefined ? {} : { password: passwords.get(number) ?? '' }) }))
    const answer = await call({ importId: detail.id, rows: asked })
    keep(answer.rows, passwords)
    if (answer.rows.some(({ outcome }) => outcome === 'elsewhere')) await readAgain()
  }

  function keep(ran: readonly ImportRanRow[], passwords: ReadonlyMap<number, string | undefined>): void {
    const became = new Map(ran.map((row) => [row.number, row]))
    const more = new Map(credentials.value)
    rows.value = rows.value.map((row) => {
      const now = became.get(row.number)
      if (!now || now.outcome === 'elsewhere') return row
      const password = passwords.get(row.number)
      if (now.link) more.set(row.number, { kind: 'link', text: new URL(now.link.path, location.origin).href, expiresAt: now.link.expiresAt })
      else if (now.outcome === 'created' && password !== undefined) more.set(row.number, { kind: 'password', text: password, expiresAt: null })
      return { ...row, outcome: now.outcome, refusal: now.refusal, userId: now.userId }
    })
    if (more.size > credentials.value.size) saved.value = false
    credentials.value = more
  }

  async function readAgain(): Promise<void> {
    const known = new Map(rows.value.map((row) => [row.number, row]))
    const read = await readImport(detail.id)
    // What is known of somebody who was created here is more than what their account tells back.
    rows.value = read.rows.map((row) => (known.get(row.number)?.outcome === row.outcome ? (known.get(row.number) ?? row) : row))
    unsure = false
  }

  /** It was thrown away: what is left of its rows is shown. */
  async function leaveRest(): Promise<void> {
    begun.value = true
    failure.value = null
    rows.value = rows.value.filter(({ outcome }) => outcome !== 'create')
    try {
      await readAgain()
    } catch (error) {
      failure.value = errorSentence(error)
    }
  }

  function stop(): void {
    if (state.value === 'running') state.value = 'stopping'
  }
  return { rows, credentials, state, begun, failure, saved, counts, run, stop, leaveRest }
}
export type ImportRun = ReturnType<typeof useImportRun>
