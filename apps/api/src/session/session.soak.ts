import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { sessionRaces } from './session.race.ts'

const here = await testInstance()
raceOften(await sessionRaces([here, await testNode(here.url)]))
