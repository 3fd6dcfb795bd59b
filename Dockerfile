# syntax=docker/dockerfile:1
# An image with nothing in it but the binary, which is made before:
#
#   GOOS=linux GOARCH=amd64 .ci/build out/dockerfile-ls-linux-amd64
#   docker build --platform linux/amd64 --tag dockerfile-ls .
#   docker run --rm --volume "$PWD:/work:ro" dockerfile-ls
FROM scratch
ARG TARGETARCH
COPY out/dockerfile-ls-linux-${TARGETARCH} /usr/bin/dockerfile-ls
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/bin/dockerfile-ls"]
CMD ["check"]
