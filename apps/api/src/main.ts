import './server/compileCache.ts'

// Imported dynamically, so that the compile cache applies to it.
await import('./server/start.ts')
