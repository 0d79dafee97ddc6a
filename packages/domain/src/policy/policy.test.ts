import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MANAGER_SCOPES } from '../organization.ts'
import { sentence } from '../refusal/refusal.ts'
import {
  type Actor,
  decide,
  decideGrant,
  decideRole,
  userRelation,
  visibleScope,
  workspaceRelation,
} from './decision.ts'
import { ACTIONS, type InstanceAction, POLICY, USER_ACTION_NAMES, WORKSPACE_ACTION_NAMES } from './policy.ts'
import { compareRoles, ROLES } from './role.ts'

const role = fc.constantFrom(...ROLES)
const organizationId = fc.constantFrom('org-a', 'org-b')
const managerScope = fc.constantFrom(...MANAGER_SCOPES)
const user = fc.record({ id: fc.constantFrom('u1', 'u2', 'u3', 'u4'), role, organizationId, managerScope })
const workspace = fc.record({ organizationId, assigned: fc.boolean() })

/** The actor with each higher role. */
function withHigherRoles(actor: Actor): Actor[] {
  return ROLES.filter((higher) => compareRoles(higher, actor.role) > 0).map((higher) => ({ ...actor, role: higher }))
}

describe('the policy', () => {
  test('is the agreed table', () => {
    expect(POLICY).toMatchSnapshot()
  })

  test('explains every refusal in a whole sentence', () => {
    for (const actorRole of ROLES) {
      for (const targetRole of ROLES) {
        const actor = { id: 'me', role: actorRole, organizationId: 'org-a', managerScope: 'organization' } as const
        const targets = [
          { ...actor, role: actorRole },
          { id: 'other', role: targetRole, organizationId: 'org-a' },
        ]
        for (const action of USER_ACTION_NAMES) {
          for (const target of targets) {
            const decision = decide(actor, action, target)
            if (!decision.allowed) expect(sentence(decision.refusal)).toMatch(/^[A-Z“].{10,}\.$/u)
          }
        }
      }
    }
  })
})

describe('relations', () => {
  test('a user has a relation exactly when they are in the actor’s scope', () => {
    fc.assert(
      fc.property(user, user, (actor, target) => {
        const scope = visibleScope(actor, 'user')
        const inScope =
          scope.kind === 'instance' ||
          (scope.kind === 'organization' && scope.organizationId === target.organizationId) ||
          target.id === actor.id
        expect(userRelation(actor, target) !== undefined).toBe(inScope)
      }),
    )
  })

  test('a workspace of another organization has a relation to administrators only', () => {
    fc.assert(
      fc.property(user, workspace, (actor, target) => {
        if (actor.role !== 'administrator' && target.organizationId !== actor.organizationId)
          expect(workspaceRelation(actor, target)).toBeUndefined()
        if (actor.role === 'default' && !target.assigned) expect(workspaceRelation(actor, target)).toBeUndefined()
      }),
    )
  })

  test('a manager with assigned scope has a relation to assigned workspaces only, and still sees all users', () => {
    fc.assert(
      fc.property(user, user, workspace, (base, target, workspaceTarget) => {
        const actor = { ...base, role: 'manager', managerScope: 'assigned' } as const
        expect(workspaceRelation(actor, workspaceTarget)).toBe(
          workspaceTarget.assigned && workspaceTarget.organizationId === actor.organizationId ? 'assigned' : undefined,
        )
        expect(visibleScope(actor, 'user')).toEqual({ kind: 'organization', organizationId: actor.organizationId })
        expect(userRelation(actor, target)).toBe(userRelation({ ...actor, managerScope: 'organization' }, target))
      }),
    )
  })
})

describe('decisions', () => {
  test('no actor grants a higher role than their own, and a default user grants none', () => {
    fc.assert(
      fc.property(user, role, (actor, given) => {
        const allowed = decideGrant(actor, given).allowed
        expect(allowed).toBe(actor.role !== 'default' && compareRoles(given, actor.role) <= 0)
      }),
    )
  })

  test('no actor uses the actions for other users on themselves', () => {
    fc.assert(
      fc.property(
        user,
        fc.constantFrom(
          'user.setRole',
          'user.setLimit',
          'user.suspend',
          'user.reactivate',
          'user.delete',
          'user.setPassword',
          'user.createLink',
          'user.signOut',
        ),
        (actor, action) => {
          expect(decide(actor, action, actor).allowed).toBe(false)
        },
      ),
    )
  })

  test('only an administrator acts on an administrator or on another manager', () => {
    fc.assert(
      fc.property(
        user,
        user,
        fc.constantFrom(...USER_ACTION_NAMES.filter((action) => action !== 'user.get' && action !== 'user.activity')),
        (actor, target, action) => {
          fc.pre(actor.id !== target.id && actor.role !== 'administrator')
          if (compareRoles(target.role, actor.role) >= 0) expect(decide(actor, action, target).allowed).toBe(false)
        },
      ),
    )
  })

  test('a promotion never removes a permission over others', () => {
    fc.assert(
      fc.property(user, user, workspace, (actor, target, workspaceTarget) => {
        fc.pre(actor.id !== target.id)
        for (const promoted of withHigherRoles(actor)) {
          for (const action of USER_ACTION_NAMES)
            if (decide(actor, action, target).allowed) expect(decide(promoted, action, target).allowed).toBe(true)
          for (const action of WORKSPACE_ACTION_NAMES)
            if (decide(actor, action, workspaceTarget).allowed)
              expect(decide(promoted, action, workspaceTarget).allowed).toBe(true)
          for (const action of ACTIONS)
            if (decideRole(actor.role, action).allowed) expect(decideRole(promoted.role, action).allowed).toBe(true)
        }
      }),
    )
  })

  test('a default user acts only on themselves, and only updates their profile and reads their activity', () => {
    fc.assert(
      fc.property(user, user, fc.constantFrom(...USER_ACTION_NAMES), (actor, target, action) => {
        fc.pre(actor.role === 'default')
        expect(decide(actor, action, target).allowed).toBe(
          ['profile.update', 'user.activity'].includes(action) && target.id === actor.id,
        )
      }),
    )
  })

  test('an action without a target is decided by role alone', () => {
    for (const name of ['user.list', 'user.create', 'workspace.create'] as const satisfies InstanceAction[]) {
      expect(
        ROLES.filter(
          (one) => decide({ id: 'me', role: one, organizationId: 'org-a', managerScope: 'organization' }, name).allowed,
        ),
      ).toEqual(['administrator', 'manager'])
    }
  })
})
