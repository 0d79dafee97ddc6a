import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { factorRaces } from './factor.race.ts'

const here = await testInstance()
raceOften(await factorRaces([here, await testNode(here.url)]))
