import { testModel } from './testModel.ts'

await testModel(60)
