import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { acceptLinkRaces } from './acceptLink.race.ts'

const here = await testInstance()
raceOnce(await acceptLinkRaces([here, await testNode(here.url)]), 4)
