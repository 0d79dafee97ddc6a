/** The networks of user `u`'s role, as the instance `i` has them; null when they may come from anywhere. */
export const NETWORKS = `NULLIF(CASE u."role" WHEN 'administrator' THEN i."administratorNetworks" WHEN 'manager' THEN i."managerNetworks" ELSE i."defaultNetworks" END, '{}')::text[]`
