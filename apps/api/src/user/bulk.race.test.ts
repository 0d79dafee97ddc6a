import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { bulkRaces } from './bulk.race.ts'

const here = await testInstance()
raceOnce(await bulkRaces([here, await testNode(here.url)]), 3)
