# One node: the API and the console, as an ordinary user. Without DATABASE_URL it runs the embedded PostgreSQL in /data.

FROM node:26-trixie-slim AS build
WORKDIR /roster
COPY . .
RUN --mount=type=cache,target=/root/.npm node scripts/prepare.mjs

FROM node:26-trixie-slim AS packages
WORKDIR /roster
COPY package.json package-lock.json .npmrc ./
COPY apps/api/package.json apps/api/
COPY apps/web/package.json apps/web/
COPY packages/client/package.json packages/client/
COPY packages/db/package.json packages/db/
COPY packages/domain/package.json packages/domain/
COPY bench/package.json bench/
COPY e2e/package.json e2e/
# Of all workspaces, the server needs only the API's packages, and not the Node of the root: the image has its own.
RUN --mount=type=cache,target=/root/.npm \
  npm install --no-save --omit=dev --workspace=@roster/api --include-workspace-root=false
COPY scripts/image/ scripts/image/
RUN node scripts/image/prunePackages.mjs
COPY packages/db/src/embedded/ packages/db/src/embedded/
# PostgreSQL's programs need links that only an owner of the folder can create, and the server owns none here.
RUN node -e "import('./packages/db/src/embedded/binaries.ts').then(({ prepareBinaries }) => \
  prepareBinaries(undefined, '/tmp', (line) => { throw new Error(line) }))"

FROM node:26-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /roster
COPY LICENSE package.json ./
COPY --from=packages /roster/node_modules/ node_modules/
COPY apps/api/package.json apps/api/
COPY packages/db/package.json packages/db/
COPY packages/domain/package.json packages/domain/
COPY packages/db/prisma/migrations/ packages/db/prisma/migrations/
COPY packages/domain/src/ packages/domain/src/
COPY --from=build /roster/packages/db/src/ packages/db/src/
COPY --from=build /roster/apps/web/dist/ apps/web/dist/
COPY apps/api/src/ apps/api/src/
COPY --from=build /roster/apps/api/dist/ apps/api/dist/
COPY scripts/image/healthcheck.mjs scripts/image/
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
# The server finishes running calls and stops PostgreSQL. It needs more than Docker's 10 seconds: docker stop --time 45.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m --retries=3 CMD ["node", "scripts/image/healthcheck.mjs"]
# tini reaps what a crashed PostgreSQL leaves, and passes signals on to the server alone.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "--max-semi-space-size=2", "--max-old-space-size=1024", "apps/api/dist/main.js"]
