import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { runSetupRaces } from './runSetup.race.ts'

const here = await testInstance()
raceOnce(runSetupRaces([here, await testNode(here.url)]))
