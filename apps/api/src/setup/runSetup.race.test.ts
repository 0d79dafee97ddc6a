import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOnce } from '../../test/support/races.ts'
import { runSetupRaces } from './runSetup.race.ts'

const here = await testInstance()
raceOnce(runSetupRaces([here, await testNode(here.url)]))
