import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { signInAttemptRaces } from './signInAttempts.race.ts'

const here = await testInstance()
raceOften(await signInAttemptRaces([here, await testNode(here.url)]))
