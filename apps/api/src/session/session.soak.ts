import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { sessionRaces } from './session.race.ts'

const here = await testInstance()
raceOften(await sessionRaces([here, await testNode(here.url)]))
