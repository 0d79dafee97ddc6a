import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { signInAttemptRaces } from './signInAttempts.race.ts'

const here = await testInstance()
raceOften(await signInAttemptRaces([here, await testNode(here.url)]))
