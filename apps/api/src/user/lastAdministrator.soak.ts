import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { lastAdministratorRaces } from './lastAdministrator.race.ts'

const here = await testInstance()
raceOften(lastAdministratorRaces([here, await testNode(here.url)]))
