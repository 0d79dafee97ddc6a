import './compileCache.ts'

// Loaded only now, so that the cache serves it.
await import('./demo/start.ts')
