// api.mjs WORK VSIX: runs suite.cjs inside the extension host of a workbench, beside the packaged extension. The folder is
// not trusted at first.
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openWorkbench, watchMessages } from "./workbench.mjs";

const [work, vsix] = process.argv.slice(2);
// The suite belongs to an extension under development; ours is installed, and so that one is empty.
const empty = join(work, "empty-extension");
mkdirSync(empty);
writeFileSync(
  join(empty, "package.json"),
  JSON.stringify({ name: "empty", publisher: "test", version: "0.0.1", engines: { vscode: "*" } }),
);
const suite = join(import.meta.dirname, "suite.cjs");
const payload = (host) =>
  JSON.stringify([
    ["extensionDevelopmentPath", `vscode-remote://${host}${empty}`],
    ["extensionTestsPath", `vscode-remote://${host}${suite}`],
  ]);

const workbench = await openWorkbench({
  work,
  vsix,
  folder: join(work, "project"),
  machine: { "dockerfile-ls.path": join(work, "server"), "dockerfile-ls.registry.lookups": "off" },
  query: (host) => `&payload=${encodeURIComponent(payload(host))}`,
  options: ["--vscode-option", "enable-smoke-test-driver"], // a built VS Code overlooks the payload without it
});
const watching = new AbortController();
let code;
try {
  const { page } = workbench;
  const others = createWriteStream(join(work, "workbench.log"));
  await page.exposeFunction("codeAutomationLog", (_, [line]) =>
    /^(ok|FAILED) /.test(line) ? console.log(line) : others.write(`${line}\n`),
  );
  const done = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
  const watch = watchMessages(workbench, watching.signal);
  watch.catch(() => undefined); // it is awaited below; until then a failure must not end the process before the workbench
  await workbench.load();
  code = await Promise.race([done, watch, delay(150_000, "in vain waited: the suite's end", { ref: false })]);
  watching.abort();
  await watch;
  if (code !== 0) {
    console.log(`FAILED the suite ends in order: ${code}`);
    await page.screenshot({ path: join(work, "failed.png") });
  }
} finally {
  watching.abort();
  await workbench.close();
}
process.exit(code === 0 ? 0 : 1);
