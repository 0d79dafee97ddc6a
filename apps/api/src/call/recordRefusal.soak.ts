import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { recordRefusalRaces } from './recordRefusal.race.ts'

const here = await testInstance()
raceOften(await recordRefusalRaces([here, await testNode(here.url)]))
