package corpus

import (
	"fmt"
	"strings"
)

// stageLines is a stage of 30 lines as people write them. § is the number of the stage, so that no two instructions of a
// file are the same and none is spared because it was read before.
const stageLines = `FROM node:20-alpine AS stage§
# Everything that the build needs.
LABEL org.opencontainers.image.title="web§" org.opencontainers.image.vendor="ACME"
ARG MODE=production§
ENV MODE=${MODE} \
    PORT=3§
WORKDIR /usr/src/app§
RUN apk add --no-cache \
      curl=8.9.0-r§ \
      git \
      # needed by node-gyp
      python3 \
      make \
      g++
COPY --chown=node:node package.json package-lock.json ./§/
RUN --mount=type=cache,target=/home/node/.npm,sharing=locked \
    --mount=type=secret,id=npmrc§,target=/usr/src/app/.npmrc \
    npm ci --omit=dev && npm cache clean --force
COPY --chown=node:node . ./app§
RUN npm run build§ && \
    rm -rf test docs && \
    find . -name '*.map' -delete
HEALTHCHECK --interval=30s --timeout=3s --retries=3 \
  CMD ["curl", "--fail", "http://localhost:3000/healthz§"]
EXPOSE 3000/tcp §
USER node§
VOLUME ["/data§"]
STOPSIGNAL §
ENTRYPOINT ["dumb-init", "--", "§"]
CMD ["node", "dist/server§.js"]
`

// Generated is a Dockerfile of that many lines, a multiple of 30, in stages that are well written.
func Generated(lines int) string {
	var out strings.Builder
	for i := range lines / 30 {
		out.WriteString(strings.ReplaceAll(stageLines, "§", fmt.Sprint(i+1)))
	}
	return out.String()
}
