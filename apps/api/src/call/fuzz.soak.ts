import { testFuzz } from '../testing/testFuzz.ts'

await testFuzz(20_000)
