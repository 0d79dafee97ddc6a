import { activityEn } from '../activity/activity.en.ts'
import { factorEn } from '../factor/factor.en.ts'
import { homeEn } from '../home/home.en.ts'
import { importEn } from '../import/import.en.ts'
import { invitationEn } from '../invitation/invitation.en.ts'
import { layoutEn } from '../layout/layout.en.ts'
import { memberEn } from '../member/member.en.ts'
import { organizationEn } from '../organization/organization.en.ts'
import { policyEn } from '../policy/policy.en.ts'
import { requestEn } from '../request/request.en.ts'
import { securityEn } from '../security/security.en.ts'
import { sessionEn } from '../session/session.en.ts'
import { setupEn } from '../setup/setup.en.ts'
import { systemEn } from '../system/system.en.ts'
import { bulkEn } from '../user/bulk/bulk.en.ts'
import { userDetailEn } from '../user/detail/userDetail.en.ts'
import { userEn } from '../user/user.en.ts'
import { workspaceEn } from '../workspace/workspace.en.ts'
import { commonEn } from './common.en.ts'

/** The console's texts, one part per capability. Other languages have the same keys. */
export const consoleEn = {
  common: commonEn,
  layout: layoutEn,
  factor: factorEn,
  home: homeEn,
  import: importEn,
  organization: organizationEn,
  security: securityEn,
  session: sessionEn,
  setup: setupEn,
  system: systemEn,
  user: userEn,
  bulk: bulkEn,
  userDetail: userDetailEn,
  workspace: workspaceEn,
  member: memberEn,
  invitation: invitationEn,
  request: requestEn,
  activity: activityEn,
  policy: policyEn,
}
