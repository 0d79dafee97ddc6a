import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { recordRefusalRaces } from './recordRefusal.race.ts'

const here = await testInstance()
raceOften(await recordRefusalRaces([here, await testNode(here.url)]))
