import { resolveConfig } from 'vite'

// Nuxt UI writes the types of its theme when Vite resolves its configuration. They are not in the repository, so the
// type check of a clean clone needs this first.
await resolveConfig({ root: `${import.meta.dirname}/..`, logLevel: 'warn' }, 'build')
