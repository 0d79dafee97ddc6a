import { testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOften } from '../../../test/support/races.ts'
import { lastAdministratorRaces } from './lastAdministrator.race.ts'

const here = await testInstance()
raceOften(lastAdministratorRaces([here, await testNode(here.url)]))
