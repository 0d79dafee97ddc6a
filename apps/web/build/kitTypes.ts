import { resolveConfig } from 'vite'

// Nuxt UI writes the types of its theme while Vite reads its configuration. They are not in the repository, so that a clean clone
// gets them here, before the type check.
await resolveConfig({ root: `${import.meta.dirname}/..`, logLevel: 'warn' }, 'build')
