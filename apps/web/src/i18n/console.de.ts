import { activityDe } from '../activity/activity.de.ts'
import { factorDe } from '../factor/factor.de.ts'
import { homeDe } from '../home/home.de.ts'
import { importDe } from '../import/import.de.ts'
import { invitationDe } from '../invitation/invitation.de.ts'
import { layoutDe } from '../layout/layout.de.ts'
import { memberDe } from '../member/member.de.ts'
import { organizationDe } from '../organization/organization.de.ts'
import { policyDe } from '../policy/policy.de.ts'
import { requestDe } from '../request/request.de.ts'
import { securityDe } from '../security/security.de.ts'
import { sessionDe } from '../session/session.de.ts'
import { setupDe } from '../setup/setup.de.ts'
import { systemDe } from '../system/system.de.ts'
import { bulkDe } from '../user/bulk/bulk.de.ts'
import { userDetailDe } from '../user/detail/userDetail.de.ts'
import { userDe } from '../user/user.de.ts'
import { workspaceDe } from '../workspace/workspace.de.ts'
import { commonDe } from './common.de.ts'
import type { consoleEn } from './console.en.ts'
import type { Same } from './shape.ts'

/** The console's texts in German. */
export const consoleDe: Same<typeof consoleEn> = {
  common: commonDe,
  layout: layoutDe,
  factor: factorDe,
  home: homeDe,
  import: importDe,
  organization: organizationDe,
  security: securityDe,
  session: sessionDe,
  setup: setupDe,
  system: systemDe,
  user: userDe,
  bulk: bulkDe,
  userDetail: userDetailDe,
  workspace: workspaceDe,
  member: memberDe,
  invitation: invitationDe,
  request: requestDe,
  activity: activityDe,
  policy: policyDe,
}
