import { testInstance, testNode } from '../../test/support/instance.ts'
import { raceOften } from '../../test/support/races.ts'
import { streamRaces } from './changeStream.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
await Promise.all([here, there].map(({ app }) => app.listen({ port: 0, host: '127.0.0.1' })))
raceOften(await streamRaces([here, there]))
