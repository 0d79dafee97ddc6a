import { withClient } from './connection.ts'

/**
 * Makes the audit events' partitions of this month and the next two, where they aren't there yet. By the address that migrates, since only the
 * table's owner may.
 */
export async function createAuditPartitions(directUrl: string): Promise<void> {
  await withClient(directUrl, (client) =>
    client.query(`SELECT audit_partition(((now() AT TIME ZONE 'UTC')::date + make_interval(months => m))::date) FROM generate_series(0, 2) AS m`),
  )
}
