import { OPERATOR_USER_ID, type SessionUser } from '@roster/db'
import type { SessionMe } from '@roster/domain'

/** A session's row as its browser is told it. */
export function me(row: SessionUser): SessionMe {
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
    organization: { id: row.organizationId, name: row.organizationName, timeZone: row.timeZone, managerScope: row.managerScope },
    instance: {
      name: row.instanceName,
      supportAddress: row.supportAddress,
      passwordMin: row.passwordMin,
      changeAtFirstSignIn: row.changeAtFirstSignIn,
    },
    passwordChangeRequired: row.passwordChangeRequired,
    secondFactorRequired: row.factorRequired,
    factorResetBy: by(row.factorResetById, row.factorResetByName, row.factorResetAt),
    passwordSetBy: by(row.passwordSetById, row.passwordSetByName, row.passwordSetAt),
  }
}

function by(id: string | null, username: string | null, at: Date | null): SessionMe['passwordSetBy'] {
  return id && at ? { username, operator: id === OPERATOR_USER_ID, at: at.toISOString() } : null
}
