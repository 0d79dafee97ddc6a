import { testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOften } from '../../../test/support/races.ts'
import { bulkRaces } from './bulk.race.ts'

const here = await testInstance()
raceOften(await bulkRaces([here, await testNode(here.url)]))
