import { testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOnce } from '../../../test/support/races.ts'
import { usernameRaces } from './username.race.ts'

const here = await testInstance()
raceOnce(await usernameRaces([here, await testNode(here.url)]), 4)
