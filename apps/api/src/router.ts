import { changesRouter } from './changes/changes.router.ts'
import { connectionRouter } from './changes/connection.router.ts'
import { factorRouter } from './factor/factor.router.ts'
import { importRouter } from './import/import.router.ts'
import { invitationRouter } from './invitation/invitation.router.ts'
import { linkRouter } from './link/link.router.ts'
import { memberRouter } from './member/member.router.ts'
import { organizationRouter } from './organization/organization.router.ts'
import { policyRouter } from './policy/policy.router.ts'
import { profileRouter } from './profile/profile.router.ts'
import { requestRouter } from './request/request.router.ts'
import { securityRouter } from './security/security.router.ts'
import { sessionRouter } from './session/session.router.ts'
import { setupRouter } from './setup/setup.router.ts'
import { systemRouter } from './system/system.router.ts'
import { t } from './trpc.ts'
import { userRouter } from './user/user.router.ts'
import { workspaceRouter } from './workspace/workspace.router.ts'

/** The API's procedures, one router for each capability. */
export const router = t.router({
  factor: factorRouter,
  import: importRouter,
  invitation: invitationRouter,
  link: linkRouter,
  member: memberRouter,
  changes: changesRouter,
  connection: connectionRouter,
  organization: organizationRouter,
  policy: policyRouter,
  profile: profileRouter,
  request: requestRouter,
  security: securityRouter,
  session: sessionRouter,
  setup: setupRouter,
  system: systemRouter,
  user: userRouter,
  workspace: workspaceRouter,
})

export type AppRouter = typeof router
