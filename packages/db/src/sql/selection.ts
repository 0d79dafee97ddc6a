import type { SelectedUsers } from '@roster/domain'
import { Prisma } from '../generated/client.ts'

/** Whether user `u` matches one of the filters. `toCondition`: a filter as a condition on users `u`. */
export function matchesAny<Filter>(
  matching: readonly Filter[],
  toCondition: (filter: Filter) => Prisma.Sql,
): Prisma.Sql {
  if (matching.length === 0) return Prisma.sql`FALSE`
  return Prisma.sql`(${Prisma.join(
    matching.map((filter) => Prisma.sql`(${toCondition(filter)})`),
    ' OR ',
  )})`
}

/** Whether a selection contains user `u`. */
export function isInSelection<Filter>(
  { ids, matching, except }: SelectedUsers<Filter>,
  toCondition: (filter: Filter) => Prisma.Sql,
): Prisma.Sql {
  const byId = Prisma.sql`u."id" = ANY(${ids}::uuid[])`
  if (matching.length === 0) return byId
  const byFilter = Prisma.sql`(${matchesAny(matching, toCondition)} AND u."id" <> ALL(${except}::uuid[]))`
  return ids.length === 0 ? byFilter : Prisma.sql`(${byId} OR ${byFilter})`
}
