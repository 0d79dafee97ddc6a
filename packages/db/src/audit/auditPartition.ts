import { withClient } from '../client/connection.ts'

/**
 * Creates the missing partitions of audit events for the last month, this one and the next two. The last month is for
 * refusals counted in its final minute, which become events after midnight.
 *
 * @param directUrl the address that migrates, since only the owner of the table may create partitions
 */
export async function createAuditPartitions(directUrl: string): Promise<void> {
  await withClient(directUrl, (client) =>
    client.query(
      `SELECT audit_partition(((now() AT TIME ZONE 'UTC')::date + make_interval(months => m))::date) FROM generate_series(-1, 2) AS m`,
    ),
  )
}
