import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { runSetupRaces } from './runSetup.race.ts'

const here = await testInstance()
raceOften(runSetupRaces([here, await testNode(here.url)]))
