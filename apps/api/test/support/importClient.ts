import type { ImportCredential, ImportDiscarded, ImportField, ImportRunResult } from '@roster/domain'
import type { TestInstance } from './instance.ts'

const COLUMNS: ImportField[] = ['username', 'displayName', 'about', 'role', 'workspaces', 'dailyLimit']
type Actor = { id: string }
type Rows = { number: number; password?: string }[]
let count = 0

/** New usernames, unique in the test file. */
export function names(total: number): string[] {
  return Array.from({ length: total }, () => `imported.${++count}`)
}

/** The rows 1 to `total` of an import. */
export function rowNumbers(total: number): { number: number }[] {
  return Array.from({ length: total }, (_, i) => ({ number: i + 1 }))
}

/** Import calls by an actor, with CSV rows in the order of `COLUMNS`. */
export function importClient({ as, db }: Pick<TestInstance, 'as' | 'db'>) {
  return {
    create(
      actor: Actor,
      rows: readonly string[],
      given: { credential?: ImportCredential; organizationId?: string } = {},
    ): Promise<{ importId: string }> {
      const text = ['username,name,about,role,workspaces,limit', ...rows].join('\n')
      return as(actor).import.create.mutate({
        text,
        fileName: 'users.csv',
        columns: COLUMNS,
        credential: 'link',
        ...given,
      })
    },
    run: (actor: Actor, importId: string, rows: Rows): Promise<ImportRunResult> =>
      as(actor).import.run.mutate({ importId, rows }),
    discard: (actor: Actor, importId: string): Promise<ImportDiscarded> =>
      as(actor).import.discard.mutate({ importId }),
    async usersNamed(
      list: readonly string[],
    ): Promise<{ id: string; username: string; passwordHash: string | null }[]> {
      return (await db.pool.query(`SELECT * FROM "user" WHERE "username" = ANY($1)`, [list])).rows
    },
  }
}
