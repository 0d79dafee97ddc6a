import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { recordRefusalRaces } from './recordRefusal.race.ts'

const here = await testInstance()
raceOnce(await recordRefusalRaces([here, await testNode(here.url)]))
