// VS Code's workbench in a headless browser, with our extension and a folder open in it: code-server has VS Code's own
// workbench and its own extension host. What it starts is ended with it.
import { execFile, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const require = createRequire(join(process.env.E2E_MODULES, "x.js"));
const { chromium } = require("playwright-core");
const codeServer = require.resolve("code-server/out/node/entry.js");

/** Settings that keep quiet what is not under test. */
const quiet = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.layoutControl.enabled": false,
  "workbench.settings.showAISearchToggle": false,
  "window.commandCenter": false,
  "chat.disableAIFeatures": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
};

/** Waits until a probe says something. */
export async function until(what, probe, patience = 30_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`in vain waited: ${what}`);
    await delay(50);
  }
}

/** Tells what is tested, one after the other, in the form that setup.sh counts. What fails does not stop the others. */
export async function tell(name, test) {
  const began = Date.now();
  try {
    await test();
    console.log(`ok ${name} (${Date.now() - began} ms)`);
    return true;
  } catch (error) {
    console.log(`FAILED ${name}: ${error?.stack ?? error}`);
    return false;
  }
}

/**
 * Opens a folder. `work` is for everything that is written; `machine` are the settings of the machine, which count in a
 * remote window only from that file; `query` and `options` are for the address and for code-server.
 */
export async function openWorkbench({
  work,
  folder,
  vsix,
  machine,
  user = {},
  query = "",
  options = [],
  size = { width: 1280, height: 760 },
  scale = 1,
}) {
  const data = join(work, "data"),
    extensions = join(work, "extensions"),
    config = join(work, "config.yaml");
  for (const name of [join(data, "User"), join(data, "Machine")]) mkdirSync(name, { recursive: true });
  writeFileSync(join(data, "Machine", "settings.json"), JSON.stringify(machine));
  writeFileSync(join(data, "User", "settings.json"), JSON.stringify({ ...quiet, ...user }));
  writeFileSync(config, "bind-addr: 127.0.0.1:0\nauth: none\ncert: false\n");
  const env = {
    ...process.env,
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" }),
    E2E_WORK: work,
  };
  delete env.PORT;
  delete env.VSCODE_IPC_HOOK_CLI; // in a terminal of VS Code, code-server would only talk to that one
  const command = [codeServer, "--config", config, "--user-data-dir", data, "--extensions-dir", extensions];
  await promisify(execFile)(process.execPath, [...command, "--install-extension", vsix], { env });

  const server = spawn(
    process.execPath,
    [
      ...command,
      "--bind-addr",
      "127.0.0.1:0",
      "--auth",
      "none",
      "--disable-telemetry",
      "--disable-update-check",
      "--disable-getting-started-override",
      "--ignore-last-opened",
      ...options,
    ],
    { env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "",
    browser;
  const close = async () => {
    await browser?.close().catch(() => {});
    await endGroup(server);
    writeFileSync(join(work, "code-server.log"), log);
  };
  try {
    for (const stream of [server.stdout, server.stderr])
      stream.on("data", (bytes) => {
        log += bytes;
      });
    const address = await until("code-server listens", () => {
      if (server.exitCode !== null) throw new Error(`code-server has ended with ${server.exitCode}: ${log}`);
      return /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
    });
    browser = await openBrowser(join(work, "chromium"), { viewport: size, deviceScaleFactor: scale });
    const page = browser.pages()[0];
    const host = new URL(address).host;
    return {
      page,
      work,
      extensions,
      close,
      load: () =>
        page.goto(`${address}/?folder=${encodeURIComponent(folder)}${query && query(host)}`, {
          waitUntil: "domcontentloaded",
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A browser with one page that asks nobody but this machine. */
export async function openBrowser(profile, options = {}) {
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.E2E_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    chromiumSandbox: false,
    ...options,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.route(
    (url) => url.hostname !== "127.0.0.1",
    (route) => route.abort(),
  );
  return browser;
}

/** Ends a process and those that it has started. */
async function endGroup(leader) {
  const signal = (name) => {
    try {
      process.kill(-leader.pid, name);
    } catch {
      /* it has ended */
    }
  };
  if (leader.exitCode === null) {
    const ended = new Promise((resolve) => leader.on("exit", resolve));
    signal("SIGTERM");
    await Promise.race([ended, delay(5000, undefined, { ref: false })]);
  }
  signal("SIGKILL");
}

/** Where messages are. While a suite runs in the extension host, none pops up by itself. */
const corner = ":is(.notifications-toasts, .notifications-center)";

/**
 * Watches the messages in the corner until the signal aborts: each is written into the file `messages` of the work folder
 * once, and what stands in the file `click` is clicked, so that a suite inside the extension host has eyes and a hand.
 */
export async function watchMessages({ page, work }, signal) {
  const seen = new Set(),
    click = join(work, "click");
  while (!signal.aborted) {
    const rows = await page
      .locator(`${corner} .notification-list-item`)
      .evaluateAll((items) => items.map((item) => item.textContent))
      .catch(() => []);
    for (const text of rows) {
      if (!seen.has(text)) appendFileSync(join(work, "messages"), text + "\n");
      seen.add(text);
    }
    if (existsSync(click)) {
      const label = readFileSync(click, "utf8");
      const button = page
        .locator(`${corner}, .monaco-dialog-box, .workspace-trust-editor`)
        .getByRole("button", { name: label, exact: true })
        .first();
      if (await button.isVisible().catch(() => false)) {
        seen.clear();
        rmSync(click);
        await button.click();
      }
    }
    await delay(50);
  }
}
