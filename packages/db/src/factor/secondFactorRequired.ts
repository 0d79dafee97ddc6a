/** Whether instance `i` requires a second factor of the role of user `u`, who has none. */
export const SECOND_FACTOR_REQUIRED = `(u."role" = ANY(i."secondFactorRoles") AND NOT u."secondFactor")`
