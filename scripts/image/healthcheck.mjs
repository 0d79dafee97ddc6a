// The health check of the image, which has no curl. Exits with 1 when the server doesn't answer.
const { ok } = await fetch(`http://127.0.0.1:${process.env['PORT'] || 3000}/healthz`)
process.exitCode = ok ? 0 : 1
