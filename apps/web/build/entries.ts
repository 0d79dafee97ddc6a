import type { Plugin } from 'vite'

/** Addresses of the sign-in entry. All others are the console's. The API's server uses the same list. */
const SIGN_IN = /^\/(sign-in|setup|link|invitation)\/?(?:[?#]|$)/

/** Serves sign-in.html for its addresses in development, as the API does in production. */
export function entries(): Plugin {
  return {
    name: 'roster:entries',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url !== undefined && SIGN_IN.test(request.url)) request.url = '/sign-in.html'
        next()
      })
    },
  }
}
