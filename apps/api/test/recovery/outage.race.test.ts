import { createLog } from '../../src/server/log.ts'
import { startDatabaseProxy } from '../support/databaseProxy.ts'
import { testInstance, testNode } from '../support/instance.ts'
import { raceOnce } from '../support/races.ts'
import { outageRaces } from './outage.race.ts'

const near = await testInstance()
const proxy = await startDatabaseProxy(near.url)
const far = await testNode(proxy.url, { log: createLog('silent') })
const address = await far.app.listen({ port: 0, host: '127.0.0.1' })
raceOnce(await outageRaces(near, far, proxy, address))
