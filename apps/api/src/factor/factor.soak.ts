import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { factorRaces } from './factor.race.ts'

const here = await testInstance()
raceOften(await factorRaces([here, await testNode(here.url)]))
