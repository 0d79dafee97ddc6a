import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { runSetupRaces } from './runSetup.race.ts'

const here = await testInstance()
raceOften(runSetupRaces([here, await testNode(here.url)]))
