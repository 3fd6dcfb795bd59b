package rules

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis/lint"
)

// TestPasswordsAreNotTold holds that no password of an address or a reference stands in what is told of a file. Spans and
// edits are not told: they lead to what stands in the file.
func TestPasswordsAreNotTold(t *testing.T) {
	words := []string{
		"https://user:SENTINEL@host.org/x.tgz", "http://:SENTINEL@host.org", "https://SENTINEL@host.org/x",
		"https://user:SENTINEL@host.org/a.git#main:sub",
		"https://user:SENTINEL@host.org/a.git?bad=1", "git@x:SENTINEL@host.org:a/b.git",
		"git://user:SENTINEL@host.org/a.git#x:y:z",
		"ssh://git:SENTINEL@host.org/a.git", "https://user:SENTINEL@host.org:port/x", "https://user:a@SENTINEL@host.org/@b",
		"https://user:SENTI/SENTINEL@host.org/b", "https://user:%zzSENTINEL@host.org/b", "user:SENTINEL@reg.io/x",
		"user:SENTINEL@reg.io/x:18",
		"user:SENTINEL@reg.io/node:latest@sha256:" + strings.Repeat("1", 64), "user:SENTINEL@shady.io/x@sha256:12",
		"docker-image://user:SENTINEL@reg.io/x", "user:SENTINEL@$HOST", "${HOST}:SENTINEL@reg.io",
		"https://user:SENTINEL@${HOST}/x", "https://$USER:SENTINEL@${HOST:?gone}/x", "https://user:SENTINEL@host.org/${",
		"https://user:SENTINEL@host.org/${X:y}", "'https://user:SENTINEL@host.org/x'", `"https://user:SENTINEL@host.org/x"`,
		`"https://user:SENTINEL@host.org/x`, `"user:SENTINEL@reg.io/x"`, "x=https://user:SENTINEL@host.org",
		"=https://user:SENTINEL@host.org", `a["https://user:SENTINEL@host.org",]`, `["https://user:SENTINEL@host.org",]`,
		`["https://user:SENTINEL@host.org"`, `['https://user:SENTINEL@host.org', '/x']`,
		`["https://user:SENTINEL@host.org", "user:SENTINEL@reg.io", 1]`, "“https://user:SENTINEL@host.org”",
		"C:\\https://user:SENTINEL@host.org",
	}
	templates := []string{
		"@", "FROM @\nCMD x", "FROM @ AS a\nUSER root\nCMD [\"node\", \"x\"]", "FROM node:18 AS @", "FROM node:18 @",
		"FROM node:18 AS a @", "FROM --platform=@ node:18", "FROM --@ node:18", "ARG A=@\nFROM $A\nCMD x",
		"ARG A=@\nFROM ${A}-slim AS b\nCMD x", "ARG @\nFROM $A", "ARG TOKEN=@\nFROM a", "ARG HOST=reg.io\nFROM @\nCMD x",
		"ARG A=1.2@\nFROM node:$A\nCMD x", "# syntax=@\nFROM a", "# check=@\nFROM a", "# escape=@\nFROM a",
		"FROM a\n# syntax=@\nRUN x", "FROM a\n# dockerfile-ls ignore=@\nRUN x", "FROM a\n# hadolint ignore=@\nRUN x",
		"ADD @", "ADD @ /x", "ADD @ @ x", "ADD --checksum=@ @ /x", "ADD --checksum=sha256:1 @ /x",
		"ADD --keep-git-dir=@ @ /x", "ADD --keep-git-dir @ /x", "ADD --@ a b", "ADD --chown=@ a b",
		"ADD --link --chown=@ a b", "ADD --chmod=@ a b", "COPY @", "COPY @ /x", "COPY a b @", "COPY @ a b",
		"COPY --from=@ a b", "COPY --from=@ --from=@ a b", "COPY --exclude=@ . .", "COPY --parents=@ a b", "COPY <<@ b",
		"COPY <<X @\n@\nX", "COPY <<X b\n@ ${x:?@}\nX", "COPY <<X <<@\nX", "RUN --mount=@ x", "RUN --mount=type=@ x",
		"RUN --mount=type=cache,target=/x,from=@ x", "RUN --mount=from=@,target=/y x",
		"RUN --mount=type=secret,id=@,required=@ x", "RUN --mount=type=cache,sharing=@,uid=@ x",
		"RUN --mount=type=cache,@ x", "RUN --mount=type=tmpfs,size=@,target=@ x", "RUN --network=@ x", "RUN --security=@ x",
		"RUN --device=@ x", "RUN --device=name=a,@ x", "RUN npm install @", "RUN npm install @ ; x",
		"RUN npm config set registry @", "RUN git clone @ x; rm -r x", "RUN curl @ | sh", "RUN export TOKEN=@; x",
		"RUN echo @ > .npmrc\nRUN rm .npmrc", "RUN echo //x:_authToken=@ > /root/.npmrc && npm ci && rm /root/.npmrc",
		"RUN TOKEN=@ npm ci", "RUN pip install @ && apt-get install @", "RUN <<X\nnpm install @\nX", "RUN @", "ENV @",
		"ENV A @", "ENV A=@", "ENV A=@ @", "ENV @ x", "ENV TOKEN=@", "ENV NEXT_PUBLIC_TOKEN=@\nRUN npm run build",
		"ENV NODE_ENV=@\nCMD [\"node\", \"x\"]", "LABEL @", "LABEL @=x", "LABEL a @", "MAINTAINER @", "EXPOSE @",
		"EXPOSE 1-@", "STOPSIGNAL @", "USER @", "USER root\nUSER @\nCOPY a b\nCMD x", "USER @:@\nCOPY a b", "VOLUME @",
		"VOLUME [@]", "WORKDIR @", "WORKDIR --x=@ y", "SHELL @", "SHELL [@]", "ONBUILD @", "ONBUILD ONBUILD @",
		"ONBUILD ADD @", "ONBUILD FROM @", "HEALTHCHECK @", "HEALTHCHECK NONE @", "HEALTHCHECK CMD curl @",
		"HEALTHCHECK --interval=@ CMD x", "HEALTHCHECK --retries=@ CMD x", "HEALTHCHECK CMD [@]", "CMD @", "CMD node x @",
		"CMD npm start @", "CMD [\"npm\", \"start\", @]", "CMD [\"node\", \"@\"]", "CMD [@]", "ENTRYPOINT @",
		"ENTRYPOINT [\"npm\", \"run\", \"@\"]", "ENTRYPOINT [\"node\", \"a\"] @", "RUN x \\\n@", "RUN x \\\n\nADD @",
		"RUN x <<X\n@",
	}
	for _, word := range words {
		words = append(words, strings.ReplaceAll(word, "SENTINEL", "s3ntinel"))
	}
	told := 0
	for _, template := range templates {
		for _, word := range words {
			src := strings.ReplaceAll(template, "@", word) + "\n"
			for _, before := range []string{
				"", "FROM node:18\nARG X\n", "FROM node:18\nENV HOST=host.org Y=" + word + "\n",
				"FROM node:18\nENV Y=" + word + "\nADD $Y $Y\nCOPY --chown=$Y $Y $Y z\nEXPOSE $Y\nWORKDIR $Y\nVOLUME " +
					"$Y\nUSER $Y\nSTOPSIGNAL $Y\n",
			} {
				findings := find(before + src)
				told += len(findings)
				for _, f := range findings {
					for _, line := range texts(f) {
						if strings.Contains(strings.ReplaceAll(line, "s3ntinel", "SENTINEL"), "SENTINEL") {
							t.Errorf("%q: %s: %s", before+src, f.Rule.ID, line)
						}
					}
				}
			}
		}
	}
	if told < 10000 {
		t.Errorf("only %d findings were looked at", told)
	}
}

// texts are what is told of a finding.
func texts(f lint.Finding) []string {
	lines := []string{f.Message}
	for _, fix := range f.Fixes {
		lines = append(lines, fix.Title, fix.Risk)
	}
	for _, related := range f.Related {
		lines = append(lines, related.Message)
	}
	for _, refusal := range f.Refusals {
		lines = append(lines, refusal.Title, refusal.Reason)
	}
	if f.Ask != nil {
		lines = append(lines, f.Ask.Title)
	}
	return lines
}
