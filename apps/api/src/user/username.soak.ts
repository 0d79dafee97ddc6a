import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { usernameRaces } from './username.race.ts'

const here = await testInstance()
raceOften(await usernameRaces([here, await testNode(here.url)]))
