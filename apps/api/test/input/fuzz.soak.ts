import { testFuzz } from '../support/testFuzz.ts'

await testFuzz(20_000)
