import { testModel } from './testModel.ts'

await testModel(2_000)
