import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOnce } from '../../test/support/races.ts'
import { factorRaces } from './factor.race.ts'

const here = await testInstance()
raceOnce(await factorRaces([here, await testNode(here.url)]), 2)
