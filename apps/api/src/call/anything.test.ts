import { testAnything } from '../testing/testAnything.ts'

await testAnything(200)
