import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { usernameRaces } from './username.race.ts'

const here = await testInstance()
raceOnce(await usernameRaces([here, await testNode(here.url)]), 4)
