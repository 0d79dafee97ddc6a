import { rm } from 'node:fs/promises'
import { bundleScript, bundleTypes } from './bundle.ts'
import { OUTPUT } from './paths.ts'

await rm(OUTPUT, { recursive: true, force: true })
await Promise.all([bundleScript(), bundleTypes()])
