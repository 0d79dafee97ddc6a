import { testInstance, testNode } from '../testing/instance.ts'
import { raceOften } from '../testing/races.ts'
import { importRaces } from './runImport.race.ts'

const here = await testInstance()
raceOften(await importRaces([here, await testNode(here.url)]))
