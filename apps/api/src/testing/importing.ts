import type { ImportCredential, ImportDiscarded, ImportField, ImportRan } from '@roster/domain'
import type { TestInstance } from './instance.ts'

const ALL: ImportField[] = ['username', 'displayName', 'about', 'role', 'workspaces', 'dailyLimit']
type Who = { id: string }
type Rows = { number: number; password?: string }[]
let count = 0

/** So many usernames that nobody has. */
export function names(many: number): string[] {
  return Array.from({ length: many }, () => `imported.${++count}`)
}

/** The rows 1 to `many` of an import. */
export function numbered(many: number): { number: number }[] {
  return Array.from({ length: many }, (_, i) => ({ number: i + 1 }))
}

/** Imports by somebody: of rows as a file has them, in the order of the fields; and what is kept of those who were made. */
export function importing({ as, db }: Pick<TestInstance, 'as' | 'db'>) {
  return {
    create(who: Who, rows: readonly string[], given: { credential?: ImportCredential; organizationId?: string } = {}): Promise<{ importId: string }> {
      const text = ['username,name,about,role,workspaces,limit', ...rows].join('\n')
      return as(who).import.create.mutate({ text, fileName: 'people.csv', columns: ALL, credential: 'link', ...given })
    },
    run: (who: Who, importId: string, rows: Rows): Promise<ImportRan> => as(who).import.run.mutate({ importId, rows }),
    discard: (who: Who, importId: string): Promise<ImportDiscarded> => as(who).import.discard.mutate({ importId }),
    async usersNamed(list: readonly string[]): Promise<{ id: string; username: string; passwordHash: string | null }[]> {
      return (await db.pool.query(`SELECT * FROM "user" WHERE "username" = ANY($1)`, [list])).rows
    },
  }
}
