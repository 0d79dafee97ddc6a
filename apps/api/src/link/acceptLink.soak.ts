import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { acceptLinkRaces } from './acceptLink.race.ts'

const here = await testInstance()
raceOften(await acceptLinkRaces([here, await testNode(here.url)]))
