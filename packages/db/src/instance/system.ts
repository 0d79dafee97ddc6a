import type { SystemSettings } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'

/** The current system settings. `namedAt`: when an administrator first saved them. */
export function readSystem(tx: Pick<Transaction, 'instance'>): Promise<SystemSettings & { namedAt: Date | null }> {
  return tx.instance.findUniqueOrThrow({
    where: { id: 1 },
    select: { name: true, supportAddress: true, defaultTimeZone: true, namedAt: true },
  })
}

/** Updates system settings on the instance's locked row. */
export async function writeSystem(tx: Transaction, settings: Partial<SystemSettings>): Promise<void> {
  await tx.instance.update({ where: { id: 1 }, data: { ...settings, namedAt: new Date() }, select: { id: true } })
}
