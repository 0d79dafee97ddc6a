import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { acceptLinkRaces } from './acceptLink.race.ts'

const here = await testInstance()
raceOften(await acceptLinkRaces([here, await testNode(here.url)]))
