// @vitest-environment node
import { expect, onTestFinished, test } from 'vitest'
import { watchOtherAccounts } from './otherAccount.ts'

test('the tabs of another user check their session when a console opens, those of the same user don’t', async () => {
  const checked: string[] = []
  const open = (tab: string, userId: string) => onTestFinished(watchOtherAccounts(userId, () => checked.push(tab)))
  open('first of ada', 'ada')
  open('second of ada', 'ada')
  open('ben', 'ben')
  await expect.poll(() => checked.toSorted()).toEqual(['first of ada', 'second of ada'])
})
