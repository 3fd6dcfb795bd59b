// A registry with one image in it: Debian's docker-registry, on a free port.
const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createServer } = require("node:net");
const path = require("node:path");

const digestOf = (bytes) => "sha256:" + createHash("sha256").update(bytes).digest("hex");

/** Starts it with an image under a name and a tag, and returns its host, the image's digest, and how it is ended. */
exports.startRegistry = async function startRegistry(work, name, tag) {
  const host = `localhost:${await freePort()}`;
  const config = path.join(work, "registry.yml");
  fs.writeFileSync(
    config,
    `version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: "${host}"}\nlog: {level: info, accesslog: {disabled: true}}\n`,
  );
  const env = { HOME: work, PATH: process.env.PATH }; // REGISTRY_… would be configuration to it
  const program = spawn("docker-registry", ["serve", config], { env, stdio: ["ignore", "ignore", "pipe"] });
  await new Promise((resolve, reject) => {
    let log = "";
    program.on("error", reject);
    program.on("exit", (code) => reject(new Error(`docker-registry has ended with ${code}: ${log}`)));
    program.stderr.on("data", (bytes) => {
      log += bytes;
      if (log.includes("listening on")) resolve();
    });
  });
  return { host, digest: await push(`http://${host}/v2/${name}`, tag), end: () => program.kill() };
};

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Pushes an image without layers, as the distribution specification has it, and returns its digest. */
async function push(repository, tag) {
  const rootfs = { type: "layers", diff_ids: [] };
  const config = JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs });
  const place = (await sent(`${repository}/blobs/uploads/`, { method: "POST" })).headers.get("location");
  await sent(`${place}&digest=${digestOf(config)}`, { method: "PUT", body: config });
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: config.length, digest: digestOf(config) },
    layers: [],
  });
  await sent(`${repository}/manifests/${tag}`, { method: "PUT", body: manifest, headers: { "Content-Type": type } });
  return digestOf(manifest);
}

async function sent(address, request) {
  const answer = await fetch(address, request);
  if (!answer.ok) throw new Error(`${request.method} ${address}: ${answer.status} ${await answer.text()}`);
  return answer;
}
