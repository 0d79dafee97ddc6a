import { testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOften } from '../../../test/support/races.ts'
import { usernameRaces } from './username.race.ts'

const here = await testInstance()
raceOften(await usernameRaces([here, await testNode(here.url)]))
