import { randomUUID } from 'node:crypto'
import type { ImportRunResult } from '@roster/domain'
import type { Operation } from './operation.ts'
import { managesOrganization, mayAddMembers, mayGrant } from './rules.ts'
import { type ModelImport, type World, withMembers, withNewUser, withNewUserIdentity } from './world.ts'

function withImport(world: World, importIndex: number, change: Partial<ModelImport>): World {
  return {
    ...world,
    imports: world.imports.map((userImport, index) =>
      index === importIndex ? { ...userImport, ...change } : userImport,
    ),
  }
}

/** Imports of one user, created by one call and run by a later one. */
export const IMPORTS = {
  import: {
    apply: (world, { actor, organizationIndex, role, workspace, workspaceIndex, flag }) => {
      if (!managesOrganization(actor, organizationIndex)) return null
      // A row that is refused when the import is created never runs.
      const pending = mayGrant(actor, role) && (!flag || mayAddMembers(world, actor, workspace, organizationIndex))
      const userImport: ModelImport = {
        id: '',
        username: '',
        importerIndex: actor.index,
        organizationIndex,
        role,
        workspaceIndex: flag ? workspaceIndex : null,
        pending,
      }
      return { ...world, imports: [...world.imports, userImport] }
    },
    call: async (client, { organization, role, workspace, flag }) => {
      const username = `f-${randomUUID()}`
      const { importId: id } = await client.import.create.mutate({
        text: `name,role,workspace\n${username},${role},${flag ? workspace.name : ''}\n`,
        fileName: 'users.csv',
        columns: ['username', 'role', 'workspaces'],
        credential: 'link',
        organizationId: organization.id,
      })
      return { id, username }
    },
    complete: (world, answer) =>
      withImport(world, world.imports.length - 1, answer as { id: string; username: string }),
  },
  run: {
    // Only the importing user may run an import, and their rights are checked again.
    apply: (world, { actor, userImport, importIndex }) => {
      if (
        !userImport ||
        userImport.importerIndex !== actor.index ||
        !managesOrganization(actor, userImport.organizationIndex)
      )
        return null
      const { pending, role, organizationIndex, workspaceIndex } = userImport
      const afterRun = withImport(world, importIndex, { pending: false })
      const workspace = workspaceIndex === null ? undefined : world.workspaces[workspaceIndex]
      if (
        !pending ||
        !mayGrant(actor, role) ||
        (workspace && !mayAddMembers(world, actor, workspace, organizationIndex))
      )
        return afterRun
      const created = withNewUser(afterRun, { role, organizationIndex, credential: false })
      return workspaceIndex === null ? created : withMembers(created, workspaceIndex, [created.users.length - 1], [])
    },
    call: async (client, { userImport }) => {
      const { rows } = await client.import.run.mutate({
        importId: userImport?.id ?? randomUUID(),
        rows: [{ number: 1 }],
      })
      return { rows, username: userImport?.username }
    },
    complete: (world, answer) => {
      const { rows, username = '' } = answer as Pick<ImportRunResult, 'rows'> & { username?: string }
      return withNewUserIdentity(world, { id: rows[0]?.userId ?? '', username })
    },
  },
} as const satisfies Record<string, Operation>
