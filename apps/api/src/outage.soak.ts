import { createLog } from './log.ts'
import { outageRaces } from './outage.race.ts'
import { testInstance, testNode } from './testing/instance.ts'
import { layLine } from './testing/line.ts'
import { raceOften } from './testing/races.ts'

const near = await testInstance()
const line = await layLine(near.url)
const far = await testNode(line.url, { log: createLog('silent') })
const address = await far.app.listen({ port: 0, host: '127.0.0.1' })
raceOften(await outageRaces(near, far, line, address))
