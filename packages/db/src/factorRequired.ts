/** Whether user `u` has to have a second factor, as the instance `i` has it, and has none. */
export const FACTOR_REQUIRED = `(u."role" = ANY(i."secondFactorRoles") AND NOT u."secondFactor")`
