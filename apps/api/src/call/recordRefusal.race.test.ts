import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOnce } from '../../test/support/races.ts'
import { recordRefusalRaces } from './recordRefusal.race.ts'

const here = await testInstance()
raceOnce(await recordRefusalRaces([here, await testNode(here.url)]))
