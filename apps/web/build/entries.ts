import type { Plugin } from 'vite'

/** Addresses of the small entry; everything else that is no file belongs to the console. The API's server decides by the same list. */
const SIGN_IN = /^\/(sign-in|setup|link|invitation)\/?(?:[?#]|$)/

/** Serves sign-in.html for its own addresses while Vite is the server, as the API does in production. */
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
