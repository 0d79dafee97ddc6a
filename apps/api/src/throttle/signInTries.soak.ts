import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { signInTryRaces } from './signInTries.race.ts'

const here = await testInstance()
raceOften(await signInTryRaces([here, await testNode(here.url)]))
