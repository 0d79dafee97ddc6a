import * as z from 'zod'

// Runs before the first schema is used: zod would try `new Function`, which the content security policy counts as eval.
z.config({ jitless: true })
