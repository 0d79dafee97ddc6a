import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { bulkRaces } from './bulk.race.ts'

const here = await testInstance()
raceOften(await bulkRaces([here, await testNode(here.url)]))
