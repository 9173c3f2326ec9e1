# One target per process: docker build --target api-gateway .
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts && npm run --silent generate \
 && NX_DAEMON=false NX_ISOLATE_PLUGINS=false npx nx run-many -t build --outputStyle=static \
 && npx esbuild tools/migrate.mjs --bundle --platform=node --target=node20 --format=esm --outfile=dist/migrate.mjs \
      --external:pg-native --banner:js="import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" \
 && mkdir native && cp -R --parents node_modules/libsql node_modules/@libsql node_modules/@neon-rs node_modules/detect-libc native/

# A bundle needs Node and nothing else: no node_modules, no shell tools, no root.
FROM node:20-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app
USER node

FROM base AS migrate
COPY --from=build /app/dist/migrate.mjs ./
COPY --from=build /app/prisma/platform ./platform
ENV PLATFORM_DIR=/app/platform
CMD ["node", "migrate.mjs"]

FROM base AS api-gateway
COPY --from=build /app/apps/api-gateway/dist ./
EXPOSE 2892
CMD ["node", "--max-semi-space-size=4", "main.mjs"]

FROM base AS billing-service
COPY --from=build /app/apps/billing-service/dist ./
CMD ["node", "--max-semi-space-size=4", "main.mjs"]

FROM base AS relay-provisioner
COPY --from=build /app/apps/relay-provisioner/dist ./
CMD ["node", "--max-semi-space-size=4", "main.mjs"]

FROM base AS robot-dm
COPY --from=build /app/apps/robot-dm/dist ./
CMD ["node", "--max-semi-space-size=4", "main.mjs"]

# Its embedded store is native, and lies beside the bundle. /data is the store, /keys the key that seals what is in it.
FROM base AS pay-node
COPY --from=build /app/apps/pay-node/dist ./
COPY --from=build /app/native ./
USER root
RUN install -d -o node -g node -m 700 /data /keys
USER node
ENV AFPAY_DATA_DIR=/data AFPAY_MASTER_KEY_FILE=/keys/master.key
EXPOSE 9400 9401
CMD ["node", "--max-semi-space-size=4", "main.mjs"]

# Never part of a deployment: what stands in for the outside world in compose.sandbox.yml.
FROM base AS stand-ins
COPY --from=build /app/apps/sandbox/dist/stand-ins.mjs ./
CMD ["node", "stand-ins.mjs"]

FROM base AS life
COPY --from=build /app/apps/sandbox/dist/life.mjs ./
CMD ["node", "life.mjs"]
