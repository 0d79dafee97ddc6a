import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { factorRaces } from './factor.race.ts'

const here = await testInstance()
raceOnce(await factorRaces([here, await testNode(here.url)]), 2)
