import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Actor, decide, decideGrant, decideRole, userRelation, visibleScope, workspaceRelation } from './decision.ts'
import { MANAGER_SCOPES } from './organization.ts'
import { ACTIONS, type InstanceAction, POLICY, USER_ACTION_NAMES, WORKSPACE_ACTION_NAMES } from './policy.ts'
import { ALLOWED_BEFORE_PASSWORD_CHANGE, PROCEDURE_ACTION } from './procedure.ts'
import { sentence } from './refusal.ts'
import { compareRoles, ROLES } from './role.ts'

const role = fc.constantFrom(...ROLES)
const organizationId = fc.constantFrom('org-a', 'org-b')
const managerScope = fc.constantFrom(...MANAGER_SCOPES)
const person = fc.record({ id: fc.constantFrom('p1', 'p2', 'p3', 'p4'), role, organizationId, managerScope })
const workspace = fc.record({ organizationId, assigned: fc.boolean() })

/** A rank above does everything a rank below does to the same target: nothing is lost by being promoted. */
function strongerThan(actor: Actor): Actor[] {
  return ROLES.filter((stronger) => compareRoles(stronger, actor.role) > 0).map((stronger) => ({ ...actor, role: stronger }))
}

describe('the policy', () => {
  test('is the table that was agreed on', () => {
    expect(POLICY).toMatchSnapshot()
  })

  test('has a row for what every procedure asks', () => {
    for (const action of Object.values(PROCEDURE_ACTION)) expect(ACTIONS).toContain(action)
    for (const procedure of ALLOWED_BEFORE_PASSWORD_CHANGE) expect(Object.keys(PROCEDURE_ACTION)).toContain(procedure)
  })

  test('answers every refusal with a sentence a person can read', () => {
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
  test('nobody outside the scope has any, and what can be seen is what has one', () => {
    fc.assert(
      fc.property(person, person, (actor, target) => {
        const scope = visibleScope(actor, 'user')
        const inScope = scope.kind === 'instance' || (scope.kind === 'organization' && scope.organizationId === target.organizationId) || target.id === actor.id
        expect(userRelation(actor, target) !== undefined).toBe(inScope)
      }),
    )
  })

  test('a workspace of another organization has none for anybody but an administrator', () => {
    fc.assert(
      fc.property(person, workspace, (actor, target) => {
        if (actor.role !== 'administrator' && target.organizationId !== actor.organizationId) expect(workspaceRelation(actor, target)).toBeUndefined()
        if (actor.role === 'default' && !target.assigned) expect(workspaceRelation(actor, target)).toBeUndefined()
      }),
    )
  })

  test('a manager whose scope is their assigned workspaces has none to any other workspace, and still sees all people', () => {
    fc.assert(
      fc.property(person, person, workspace, (someone, target, place) => {
        const actor = { ...someone, role: 'manager', managerScope: 'assigned' } as const
        expect(workspaceRelation(actor, place)).toBe(place.assigned && place.organizationId === actor.organizationId ? 'assigned' : undefined)
        expect(visibleScope(actor, 'user')).toEqual({ kind: 'organization', organizationId: actor.organizationId })
        expect(userRelation(actor, target)).toBe(userRelation({ ...actor, managerScope: 'organization' }, target))
      }),
    )
  })
})

describe('whoever decides', () => {
  test('nobody gives a role above their own, and a default user gives none', () => {
    fc.assert(
      fc.property(person, role, (actor, given) => {
        const allowed = decideGrant(actor, given).allowed
        expect(allowed).toBe(actor.role !== 'default' && compareRoles(given, actor.role) <= 0)
      }),
    )
  })

  test('nobody changes their own role or limit, suspends, deletes or signs out themselves by the calls meant for others', () => {
    fc.assert(
      fc.property(
        person,
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

  test('nobody but an administrator does anything to an administrator or to another manager', () => {
    fc.assert(
      fc.property(
        person,
        person,
        fc.constantFrom(...USER_ACTION_NAMES.filter((action) => action !== 'user.get' && action !== 'user.activity')),
        (actor, target, action) => {
          fc.pre(actor.id !== target.id && actor.role !== 'administrator')
          if (compareRoles(target.role, actor.role) >= 0) expect(decide(actor, action, target).allowed).toBe(false)
        },
      ),
    )
  })

  test('more rank never means less right, towards others', () => {
    fc.assert(
      fc.property(person, person, workspace, (actor, target, place) => {
        fc.pre(actor.id !== target.id)
        for (const stronger of strongerThan(actor)) {
          for (const action of USER_ACTION_NAMES) if (decide(actor, action, target).allowed) expect(decide(stronger, action, target).allowed).toBe(true)
          for (const action of WORKSPACE_ACTION_NAMES) if (decide(actor, action, place).allowed) expect(decide(stronger, action, place).allowed).toBe(true)
          for (const action of ACTIONS) if (decideRole(actor.role, action).allowed) expect(decideRole(stronger.role, action).allowed).toBe(true)
        }
      }),
    )
  })

  test('a default user acts on nobody but themselves, and only edits their own profile and looks at their own sign-ins', () => {
    fc.assert(
      fc.property(person, person, fc.constantFrom(...USER_ACTION_NAMES), (actor, target, action) => {
        fc.pre(actor.role === 'default')
        expect(decide(actor, action, target).allowed).toBe(['profile.update', 'user.activity'].includes(action) && target.id === actor.id)
      }),
    )
  })

  test('an action without a target is decided by role alone', () => {
    for (const name of ['user.list', 'user.create', 'workspace.create'] as const satisfies InstanceAction[]) {
      expect(ROLES.filter((one) => decide({ id: 'me', role: one, organizationId: 'org-a', managerScope: 'organization' }, name).allowed)).toEqual([
        'administrator',
        'manager',
      ])
    }
  })
})
