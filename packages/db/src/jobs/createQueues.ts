import type { PgBoss } from 'pg-boss'
import type { JobDefinition } from './definitions.ts'
import { DEAD_LETTER, queueOf } from './queue.ts'

/** Creates the queues of these jobs. One that exists keeps its policy, and takes the other settings. */
export async function createQueues(boss: PgBoss, definitions: Record<string, JobDefinition>): Promise<void> {
  await boss.createQueue(DEAD_LETTER, { policy: 'standard' })
  for (const [name, definition] of Object.entries(definitions)) {
    const { policy, ...settings } = queueOf(definition)
    await boss.createQueue(name, { ...settings, policy })
    await boss.updateQueue(name, settings)
  }
}

/** Sets the schedules of these jobs, and removes all others. */
export async function setSchedules(boss: PgBoss, definitions: Record<string, JobDefinition>): Promise<void> {
  for (const { name } of await boss.getSchedules())
    if (definitions[name]?.schedule === undefined) await boss.unschedule(name)
  for (const [name, { schedule }] of Object.entries(definitions)) {
    // What was missed while no node ran is made up for once.
    if (schedule !== undefined) await boss.schedule(name, schedule, {}, { missed: 'once' })
  }
}
