import { testInstance, testNode } from '../testing/instance.ts'
import { raceOnce } from '../testing/races.ts'
import { importRaces } from './runImport.race.ts'

const here = await testInstance()
raceOnce(await importRaces([here, await testNode(here.url)]), 3)
