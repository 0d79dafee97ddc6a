/** The networks that instance `i` allows for the role of user `u`; null for any. */
export const ROLE_NETWORKS = `NULLIF(CASE u."role" WHEN 'administrator' THEN i."administratorNetworks" WHEN 'manager' THEN i."managerNetworks" ELSE i."defaultNetworks" END, '{}')::text[]`
