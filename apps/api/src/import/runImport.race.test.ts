import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOnce } from '../../test/support/races.ts'
import { importRaces } from './runImport.race.ts'

const here = await testInstance()
raceOnce(await importRaces([here, await testNode(here.url)]), 3)
