import type { SystemSettings } from '@roster/domain'
import type { Transaction } from './transaction.ts'

/** The system settings as they are; `namedAt`: since when they are somebody's choice. */
export function readSystem(tx: Pick<Transaction, 'instance'>): Promise<SystemSettings & { namedAt: Date | null }> {
  return tx.instance.findUniqueOrThrow({ where: { id: 1 }, select: { name: true, supportAddress: true, defaultTimeZone: true, namedAt: true } })
}

/** Write system settings over the instance's locked row. */
export async function writeSystem(tx: Transaction, to: Partial<SystemSettings>): Promise<void> {
  await tx.instance.update({ where: { id: 1 }, data: { ...to, namedAt: new Date() }, select: { id: true } })
}
