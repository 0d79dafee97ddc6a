import { testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOnce } from '../../../test/support/races.ts'
import { bulkRaces } from './bulk.race.ts'

const here = await testInstance()
raceOnce(await bulkRaces([here, await testNode(here.url)]), 3)
