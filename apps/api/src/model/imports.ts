import { randomUUID } from 'node:crypto'
import type { ImportRan } from '@roster/domain'
import type { Kind } from './call.ts'
import { coversTenant, gives, puts } from './rules.ts'
import { knowNewcomer, type World, withMembers, withNewcomer } from './world.ts'

function withImport(world: World, at: number, change: Partial<World['imports'][number]>): World {
  return { ...world, imports: world.imports.map((file, index) => (index === at ? { ...file, ...change } : file)) }
}

/** Imports of one person: looked at, and run, now or much later. */
export const IMPORTS = {
  import: {
    after: (world, { actor, tenantAt, role, place, placeAt, flag }) => {
      if (!coversTenant(actor, tenantAt)) return null
      // A row that is refused as it is looked at is not tried any more.
      const waiting = gives(actor, role) && (!flag || puts(world, actor, place, tenantAt))
      const file = { id: '', username: '', importer: actor.index, organization: tenantAt, role, place: flag ? placeAt : null, waiting }
      return { ...world, imports: [...world.imports, file] }
    },
    make: async (client, { tenant, role, place, flag }) => {
      const username = `f-${randomUUID()}`
      const { importId: id } = await client.import.create.mutate({
        text: `name,role,workspace\n${username},${role},${flag ? place.name : ''}\n`,
        fileName: 'people.csv',
        columns: ['username', 'role', 'workspaces'],
        credential: 'link',
        organizationId: tenant.id,
      })
      return { id, username }
    },
    learn: (world, answer) => withImport(world, world.imports.length - 1, answer as { id: string; username: string }),
  },
  run: {
    // It is its importer's alone, and asks anew what they may give.
    after: (world, { actor, file, fileAt }) => {
      if (!file || file.importer !== actor.index || !coversTenant(actor, file.organization)) return null
      const tried = withImport(world, fileAt, { waiting: false })
      const place = file.place === null ? undefined : world.places[file.place]
      if (!file.waiting || !gives(actor, file.role) || (place && !puts(world, actor, place, file.organization))) return tried
      const made = withNewcomer(tried, { role: file.role, organization: file.organization, credential: false })
      return file.place === null ? made : withMembers(made, file.place, [made.users.length - 1], [])
    },
    make: async (client, { file }) => {
      const { rows } = await client.import.run.mutate({ importId: file?.id ?? randomUUID(), rows: [{ number: 1 }] })
      return { rows, username: file?.username }
    },
    learn: (world, answer) => {
      const { rows, username = '' } = answer as Pick<ImportRan, 'rows'> & { username?: string }
      return knowNewcomer(world, { id: rows[0]?.userId ?? '', username })
    },
  },
} as const satisfies Record<string, Kind>
