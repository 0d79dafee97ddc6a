import { createLog } from './log.ts'
import { outageRaces } from './outage.race.ts'
import { startDatabaseProxy } from './testing/databaseProxy.ts'
import { testInstance, testNode } from './testing/instance.ts'
import { raceOften } from './testing/races.ts'

const near = await testInstance()
const proxy = await startDatabaseProxy(near.url)
const far = await testNode(proxy.url, { log: createLog('silent') })
const address = await far.app.listen({ port: 0, host: '127.0.0.1' })
raceOften(await outageRaces(near, far, proxy, address))
