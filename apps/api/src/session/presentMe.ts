import { OPERATOR_USER_ID, type SessionUser } from '@roster/db'
import type { SessionMe } from '@roster/domain'

/** Presents a session's row to its own browser. */
export function presentMe(row: SessionUser): SessionMe {
  return {
    sessionId: row.sessionId,
    user: {
      id: row.userId,
      username: row.username,
      displayName: row.displayName,
      about: row.about,
      role: row.role,
      organizationId: row.organizationId,
      dailyLimit: row.dailyLimit,
      language: row.language,
      theme: row.theme,
      timeFormat: row.timeFormat,
      version: row.version,
    },
    organization: {
      id: row.organizationId,
      name: row.organizationName,
      timeZone: row.timeZone,
      managerScope: row.managerScope,
    },
    instance: {
      name: row.instanceName,
      supportAddress: row.supportAddress,
      passwordMin: row.passwordMin,
      changeAtFirstSignIn: row.changeAtFirstSignIn,
    },
    passwordChangeRequired: row.passwordChangeRequired,
    secondFactorRequired: row.factorRequired,
    factorResetBy: changedBy(row.factorResetById, row.factorResetByName, row.factorResetAt),
    passwordSetBy: changedBy(row.passwordSetById, row.passwordSetByName, row.passwordSetAt),
  }
}

function changedBy(id: string | null, username: string | null, at: Date | null): SessionMe['passwordSetBy'] {
  return id && at ? { username, operator: id === OPERATOR_USER_ID, at: at.toISOString() } : null
}
