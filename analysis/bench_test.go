package analysis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
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
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
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

func generated(lines int) string {
	var out strings.Builder
	for i := range lines / 30 {
		out.WriteString(strings.ReplaceAll(stageLines, "§", fmt.Sprint(i+1)))
	}
	return out.String()
}

var sizes = []int{30, 300, 5_000, 100_000}

// againstBareParse runs ours, and BuildKit's bare parse of the same text as often, and reports the ratio of the times.
func againstBareParse(b *testing.B, src string, ours func(i int)) {
	i := 0
	start := time.Now()
	for b.Loop() {
		ours(i)
		i++
	}
	spent := time.Since(start)
	start = time.Now()
	for range i {
		if _, err := parser.Parse(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(spent)/float64(time.Since(start)), "x-bare-parse")
}

// BenchmarkOpen reads a file for the first time: tree, model and the findings of all rules.
func BenchmarkOpen(b *testing.B) {
	for _, lines := range sizes {
		src := generated(lines)
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			b.ReportAllocs()
			againstBareParse(b, src, func(int) { New(src, nil).Findings() })
		})
	}
}

// BenchmarkKeystroke adds or removes one letter in a RUN in the middle of the file and asks for all findings again.
func BenchmarkKeystroke(b *testing.B) {
	for _, lines := range sizes {
		src := generated(lines)
		middle := strings.Index(src[len(src)/2:], "npm run build") + len(src)/2
		if lines == 30 {
			middle = strings.Index(src, "npm run build")
		}
		typed := src[:middle] + "x" + src[middle:]
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			b.ReportAllocs()
			snapshot := New(src, nil)
			snapshot.Findings()
			againstBareParse(b, src, func(i int) {
				next := src
				if i%2 == 0 {
					next = typed
				}
				snapshot = New(next, snapshot)
				snapshot.Findings()
			})
		})
	}
}
