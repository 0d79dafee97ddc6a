import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { importRaces } from './runImport.race.ts'

const here = await testInstance()
raceOften(await importRaces([here, await testNode(here.url)]))
