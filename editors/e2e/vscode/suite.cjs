// Runs inside the extension host, with VS Code's API; see api.mjs.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { startRegistry } = require("./registry.cjs");

const work = process.env.E2E_WORK;
const folder = path.join(work, "project");
const file = path.join(folder, "Dockerfile");
const uri = vscode.Uri.file(file);
const extension = vscode.extensions.getExtension("dockerfile-ls.dockerfile-ls");
const server = path.join(work, "server");

async function until(what, probe, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end)
      throw new Error(`in vain waited: ${what}; findings ${JSON.stringify(findings())}, messages ${messages()}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** While a window is being restored, VS Code cancels what it is asked: then it is asked again. */
const run = (command, ...args) =>
  until(command, () =>
    Promise.resolve(vscode.commands.executeCommand(command, ...args)).then(
      (result) => ({ result }),
      (error) => {
        if (/Cancell?ed/.test(String(error))) return undefined;
        throw error;
      },
    ),
  ).then(({ result }) => result);

const read = (name) => (fs.existsSync(path.join(work, name)) ? fs.readFileSync(path.join(work, name), "utf8") : "");
const messages = () => read("messages");
const starts = () => read("starts").split("\n").length - 1;
const status = () => extension.exports.status();
const isRunning = (version) => until("the server runs", () => status().kind === "running" && status());
const configuration = () => vscode.workspace.getConfiguration("dockerfile-ls");
const set = (key, value, target = vscode.ConfigurationTarget.Workspace) => configuration().update(key, value, target);
const setMachine = (key, value) => set(key, value, vscode.ConfigurationTarget.Global);

/** Reads a message in the corner, forgets all, and presses a button of it. */
async function answer(text, button) {
  await run("notifications.showList");
  await until(`the message ${text}`, () => messages().includes(text));
  fs.rmSync(path.join(work, "messages"));
  if (button === undefined) return vscode.commands.executeCommand("notifications.clearAll");
  fs.writeFileSync(path.join(work, "click"), button);
  await until(`the button ${button}`, () => !fs.existsSync(path.join(work, "click")));
}

const document = () => vscode.workspace.textDocuments.find((d) => d.uri.fsPath === file);
const text = () => document().getText().replaceAll("\r\n", "\n");

/** The findings as lines: rule, and the text that it stands at. */
const findings = () =>
  document() === undefined
    ? []
    : vscode.languages
        .getDiagnostics(uri)
        .filter((d) => d.source === "dockerfile-ls")
        .map((d) => `${d.code?.value ?? d.code} ${document().getText(d.range)}`)
        .sort();
const found = (rule) => findings().some((line) => line.startsWith(rule + " "));
const areFound = (expected) =>
  until(`the findings ${expected.join("; ")}`, () => JSON.stringify(findings()) === JSON.stringify([...expected].sort()));

const inFirst = [
  "untagged-base-image node",
  "node-env-not-production node",
  "runs-as-root node",
  "missing-dockerignore .",
  "non-deterministic-install npm install",
  "dev-dependencies-in-production npm install",
  'no-signal-handler "start"',
  'shell-form-command "npm" "start"',
  'package-manager-as-entrypoint "npm" "start"',
];

async function edit(change) {
  const edit = new vscode.WorkspaceEdit();
  change(edit);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function show(name) {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path.join(folder, name)));
}

const tests = {
  async "the extension starts the server that the setting names"() {
    const { document } = await show("Dockerfile");
    assert.strictEqual(document.languageId, "dockerfile");
    await extension.activate();
    assert.strictEqual((await isRunning()).found.file, server);
    assert.ok(status().version.length > 0);
  },
  async "the findings of the tour's first Dockerfile are shown"() {
    await areFound(inFirst);
  },
  async "a workspace that is not trusted gets no scanner"() {
    assert.strictEqual(vscode.workspace.isTrusted, false);
    const actions = await run("vscode.executeCodeActionProvider", uri, new vscode.Range(0, 5, 0, 5));
    assert.ok(!actions.some((a) => a.title.startsWith("Scan")), JSON.stringify(actions.map((a) => a.title)));
  },
  async "one that gets trusted does"() {
    await run("workbench.trust.manage");
    const before = starts();
    fs.writeFileSync(path.join(work, "click"), "Trust");
    await until("trust", () => vscode.workspace.isTrusted);
    await until("another start", () => starts() === before + 1);
    await isRunning();
    await show("Dockerfile");
    await until("an action to scan", async () =>
      (await run("vscode.executeCodeActionProvider", uri, new vscode.Range(0, 5, 0, 5))).some((a) =>
        a.title.startsWith("Scan base image"),
      ),
    );
    await areFound(inFirst);
  },
  async "half a line is found, and hides nothing of the others"() {
    await edit((e) => e.insert(uri, new vscode.Position(4, 0), "USR no"));
    await until("the unknown instruction", () => found("unknown-instruction"));
    await edit((e) => e.replace(uri, new vscode.Range(4, 0, 4, 6), "USR no\n"));
    await areFound([...inFirst, "unknown-instruction USR"]);
    await edit((e) => e.delete(uri, new vscode.Range(4, 0, 5, 0)));
    await areFound(inFirst);
  },
  async "a fix is applied and saved, byte for byte"() {
    const before = fs.readFileSync(file, "utf8");
    const actions = await run(
      "vscode.executeCodeActionProvider",
      uri,
      new vscode.Range(4, 4, 4, 4),
      vscode.CodeActionKind.QuickFix.value,
      20,
    );
    const fix = actions.find((a) => a.title.startsWith("Rewrite to exec form"));
    assert.ok(fix?.edit, JSON.stringify(actions.map((a) => a.title)));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await document().save();
    assert.strictEqual(fs.readFileSync(file, "utf8"), before.replace('CMD "npm" "start"', 'CMD ["npm", "start"]'));
    await until("the finding to go", () => !found("shell-form-command"));
    assert.ok(found("untagged-base-image"));
  },
  async "outline, hover, definition and rename work in a Dockerfile of two stages"() {
    const name = path.join(folder, "reading.Dockerfile");
    const source =
      "FROM node:24 AS build\nWORKDIR /app\nFROM node:24-slim\nENV MODE=fast\nCOPY --from=build /app .\nUSER node\n";
    fs.writeFileSync(name, source);
    const { document } = await show("reading.Dockerfile");
    const within = document.uri;
    const use = document.positionAt(source.indexOf("build /app") + 1);

    const outline = await until("the outline", () => run("vscode.executeDocumentSymbolProvider", within));
    assert.deepStrictEqual(
      outline.map((stage) => [stage.name, stage.children.map((child) => child.name)]),
      [
        ["build", ["WORKDIR /app"]],
        ["node:24-slim", ["ENV MODE", "COPY /app .", "USER node"]],
      ],
    );
    const told = async (position) =>
      (await run("vscode.executeHoverProvider", within, position))
        .flatMap((hover) => hover.contents.map((content) => content.value))
        .join("\n");
    assert.match(await told(use), /node:24/);
    assert.match(await told(document.positionAt(source.indexOf("MODE"))), /fast/);

    const [definition] = await run("vscode.executeDefinitionProvider", within, use);
    assert.strictEqual((definition.targetSelectionRange ?? definition.range).start.line, 0);
    const rename = await run("vscode.executeDocumentRenameProvider", within, use, "compile");
    assert.ok(await vscode.workspace.applyEdit(rename));
    await document.save();
    assert.strictEqual(
      fs.readFileSync(name, "utf8"),
      source.replace("AS build", "AS compile").replace("--from=build", "--from=compile"),
    );
    await assert.rejects(
      run("vscode.executeDocumentRenameProvider", within, use, "Not a name"),
      /Not a name/,
      "the reason of a name that is refused",
    );
    const tokens = await run("vscode.provideDocumentSemanticTokens", within);
    assert.strictEqual(tokens.data.length % 5, 0);
    assert.ok(tokens.data.length > 50);
    await run("workbench.action.closeActiveEditor");
    fs.rmSync(name);
    await show("Dockerfile");
  },
  async "a flag, a stage and a path are completed, and what is saved is formatted"() {
    const name = path.join(folder, "writing.Dockerfile");
    fs.writeFileSync(name, "FROM node:24 AS build\nFROM node:24-slim\n");
    const { document } = await show("writing.Dockerfile");
    const within = document.uri;
    const complete = async (typed, label) => {
      await edit((e) => e.insert(within, document.positionAt(document.getText().length), typed));
      const end = document.positionAt(document.getText().length);
      const { items } = await run("vscode.executeCompletionItemProvider", within, end);
      const item = items.find((i) => (i.label.label ?? i.label) === label);
      assert.ok(item, `${label} behind ${typed}: ${items.map((i) => i.label.label ?? i.label)}`);
      await edit((e) => e.replace(within, item.range.replacing ?? item.range, item.insertText.value ?? item.insertText));
    };
    await complete("copy --li", "--link");
    await complete(" --from=bu", "build");
    await edit((e) => e.insert(within, document.positionAt(document.getText().length), " /app  ./\nCOPY "));
    await complete("package.j", "package.json");
    await edit((e) => e.insert(within, document.positionAt(document.getText().length), "   ./"));
    const editor = vscode.workspace.getConfiguration("editor", { languageId: "dockerfile" });
    await editor.update("formatOnSave", true, vscode.ConfigurationTarget.Workspace, true);
    await editor.update("defaultFormatter", extension.id, vscode.ConfigurationTarget.Workspace, true);
    await document.save();
    assert.strictEqual(
      fs.readFileSync(name, "utf8"),
      "FROM node:24 AS build\n\nFROM node:24-slim\nCOPY --link --from=build /app ./\nCOPY package.json ./\n",
    );
    await editor.update("formatOnSave", undefined, vscode.ConfigurationTarget.Workspace, true);
    await editor.update("defaultFormatter", undefined, vscode.ConfigurationTarget.Workspace, true);
    await run("workbench.action.closeActiveEditor");
    fs.rmSync(name);
    await show("Dockerfile");
  },
  async "settings take effect without a restart"() {
    const before = starts();
    await set("rules", { "untagged-base-image": "off" });
    await until("the finding to go", () => !found("untagged-base-image"));
    await set("rules", undefined);
    await until("the finding to come back", () => found("untagged-base-image"));
    assert.strictEqual(starts(), before);
  },
  async "the configuration file counts as it is typed"() {
    fs.writeFileSync(path.join(folder, ".dockerfile-ls.yaml"), "");
    const editor = await show(".dockerfile-ls.yaml");
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), "rules: {runs-as-root: off}\n"));
    await until("the finding to go", () => !found("runs-as-root"));
    await run("workbench.action.revertAndCloseActiveEditor");
    await until("the finding to come back", () => found("runs-as-root"));
    fs.rmSync(path.join(folder, ".dockerfile-ls.yaml"));
  },
  async "what another extension tells on the same line is not told twice"() {
    await show("Dockerfile");
    const others = vscode.languages.createDiagnosticCollection("others");
    await edit((e) => e.insert(uri, new vscode.Position(1, 0), "USR no\n"));
    await until("the unknown instruction", () => found("unknown-instruction"));
    const theirs = new vscode.Diagnostic(new vscode.Range(1, 0, 1, 3), "Unknown instruction: USR");
    Object.assign(theirs, { source: "dockerfile-utils", code: 38 });
    others.set(uri, [theirs]);
    await until("ours to go", () => !found("unknown-instruction"));
    assert.ok(found("untagged-base-image"));
    await set("muteOverlapping", "never");
    await until("ours to come back by the setting", () => found("unknown-instruction"));
    await set("muteOverlapping", undefined);
    await until("ours to go by the setting", () => !found("unknown-instruction"));
    others.dispose();
    await until("ours to come back with the other one gone", () => found("unknown-instruction"));
    await edit((e) => e.delete(uri, new vscode.Range(1, 0, 2, 0)));
    await until("ours to go with its line", () => !found("unknown-instruction"));
  },
  async "Generate .dockerignore makes the file, and then there is nothing to generate"() {
    await run("dockerfile-ls.generateDockerignore");
    const made = path.join(folder, ".dockerignore");
    await until("the new file in an editor", () => vscode.window.activeTextEditor?.document.uri.fsPath === made);
    assert.match(vscode.window.activeTextEditor.document.getText(), /^\*\*\/node_modules$/m);
    assert.strictEqual(vscode.window.activeTextEditor.document.languageId, "ignore");
    await until("its finding to go", () => !found("missing-dockerignore"));
    await vscode.window.activeTextEditor.document.save();
    assert.match(fs.readFileSync(made, "utf8"), /^\*\*\/\.npmrc$/m);
    await show("Dockerfile");
    await run("dockerfile-ls.generateDockerignore");
    await answer("There is no .dockerignore to generate");
  },
  async "Harden asks about what is risky, makes one edit, and one undo in each file takes it back"() {
    const before = text();
    const hardening = run("dockerfile-ls.hardenDockerfile");
    await run("notifications.showList");
    const [all] = await until("the question", () => /Make all \d+ changes/.exec(messages()));
    await answer("may change more than they name", all);
    await hardening;
    assert.match(text(), /^USER node$/m);
    assert.match(text(), /npm ci --omit=dev/);
    assert.match(text(), /NODE_ENV=production/);
    await until("the findings to go", () => !found("runs-as-root") && !found("non-deterministic-install"));
    const js = path.join(folder, "server.js");
    const script = () => vscode.workspace.textDocuments.find((d) => d.uri.fsPath === js)?.getText();
    const saved = fs.readFileSync(js, "utf8");
    await until("the handler in the script", () => script() !== undefined && script() !== saved);
    await run("undo");
    await until("the text of before", () => text() === before);
    await show("server.js"); // each file has an undo of its own
    await run("undo");
    await until("the script of before", () => script() === saved);
    await show("Dockerfile");
  },
  async "Harden makes nothing in a script that is not saved"() {
    const script = await show("server.js");
    await script.edit((e) => e.insert(new vscode.Position(0, 0), "// not saved\n"));
    await show("Dockerfile");
    const before = text();
    const hardening = run("dockerfile-ls.hardenDockerfile");
    await run("notifications.showList");
    const [all] = await until("the question", () => /Make all \d+ changes/.exec(messages()));
    await answer("may change more than they name", all);
    await hardening;
    await answer("Save server.js first: the change was made for what is saved of it.");
    assert.strictEqual(text(), before);
    const end = new vscode.Range(4, 12, 4, 12);
    const actions = await run("vscode.executeCodeActionProvider", uri, end, undefined, 50);
    const handler = actions.find((a) => a.title.startsWith("Close the server on SIGTERM"));
    assert.ok(handler !== undefined && handler.edit === undefined, JSON.stringify(handler));
    await run(handler.command.command, ...handler.command.arguments);
    await answer("Save server.js first: the change was made for what is saved of it.");
    await show("server.js");
    await run("workbench.action.revertAndCloseActiveEditor");
    await show("Dockerfile");
  },
  async "Pin All Base Images says that a registry does not answer, and that there is nothing to pin"() {
    await edit((e) => e.replace(uri, document().lineAt(0).range, "FROM node:24-alpine"));
    await until("the image without digest", () => found("base-image-without-digest"));
    await run("dockerfile-ls.pinAllImages");
    await answer("Nothing is pinned: `dockerfile-ls.registry.lookups` is off");
    await edit((e) => e.replace(uri, document().lineAt(0).range, "FROM scratch"));
    await until("the image without digest to go", () => !found("base-image-without-digest"));
    await run("dockerfile-ls.pinAllImages");
    await answer("There is nothing to pin in Dockerfile: no base image is found that has a tag and no digest.");
    await edit((e) => e.replace(uri, document().lineAt(0).range, "FROM node:24-alpine"));
    await until("the image without digest to come back", () => found("base-image-without-digest"));
    await setMachine("registry.mirrors", { "docker.io": "localhost:1" });
    await setMachine("registry.lookups", "onDemand");
    await until("the registry to be asked", async () => {
      await run("dockerfile-ls.pinAllImages"); // the server may not know the settings yet
      await run("notifications.showList");
      return messages().includes("localhost:1");
    });
    await answer("localhost:1");
    await edit((e) => e.replace(uri, document().lineAt(0).range, "FROM scratch"));
    await run("dockerfile-ls.pinAllImages");
    await answer("There is nothing to pin in Dockerfile");
    await run("dockerfile-ls.scanBaseImage");
    await answer("There is no base image to scan in Dockerfile");
    await setMachine("registry.lookups", "off");
    await setMachine("registry.mirrors", undefined);
    await run("workbench.action.files.revert");
  },
  async "Pin All Base Images writes the digest that a registry tells"() {
    const registry = await startRegistry(work, "library/node", "24-alpine");
    try {
      await setMachine("registry.mirrors", { "docker.io": registry.host });
      await setMachine("registry.lookups", "onDemand");
      const images = "FROM node:24-alpine AS build\nFROM node:24-alpine";
      await edit((e) => e.replace(uri, document().lineAt(0).range, images));
      await until("the digests", async () => {
        await run("dockerfile-ls.pinAllImages"); // the server may not know the settings yet
        return !text().startsWith(images);
      });
      const pinned = `FROM node:24-alpine@${registry.digest}`;
      assert.ok(text().startsWith(`${pinned} AS build\n${pinned}\n`), text()); // both by one action
      await until("the finding to go", () => !found("base-image-without-digest"));
    } finally {
      registry.end();
      await setMachine("registry.lookups", "off");
      await setMachine("registry.mirrors", undefined);
      await run("workbench.action.files.revert");
    }
  },
  async "an ignore file of a Dockerfile is no Dockerfile"() {
    fs.writeFileSync(path.join(folder, "Dockerfile.dockerignore"), "node_modules\n");
    assert.strictEqual((await show("Dockerfile.dockerignore")).document.languageId, "ignore");
    fs.rmSync(path.join(folder, "Dockerfile.dockerignore"));
    await run("workbench.action.closeActiveEditor");
  },
  async "Open the Tour shows its first Dockerfile, with its project beside it"() {
    await run("dockerfile-ls.openTour");
    const opened = await until("the tour", () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.uri.fsPath.endsWith("/tour/Dockerfile") && shown;
    });
    await until("a finding that needs the project", () =>
      vscode.languages.getDiagnostics(opened.uri).some((d) => d.code?.value === "missing-dockerignore"),
    );
    await run("workbench.action.closeActiveEditor");
    fs.rmSync(path.dirname(path.dirname(opened.uri.fsPath)), { recursive: true });
  },
  async "a server that is not found is told, with the way to the setting"() {
    await show("Dockerfile");
    await setMachine("path", "/nowhere/dockerfile-ls");
    await until("the status", () => status().kind === "missing");
    await answer("The setting dockerfile-ls.path is /nowhere/dockerfile-ls, and that is no program.", "Open Setting");
    await until("no findings", () => findings().length === 0);
    await setMachine("path", server);
    await isRunning();
    await until("the findings", () => found("untagged-base-image"));
  },
  async "the server that comes with the extension is taken without the setting"() {
    fs.chmodSync(path.join(extension.extensionPath, "bin", "dockerfile-ls"), 0o644); // as some unpack it
    await setMachine("path", undefined);
    await until("the bundled server", () => status().kind === "running" && status().found.from === "the extension");
    await until("the findings", () => found("untagged-base-image"));
    fs.renameSync(path.join(extension.extensionPath, "bin"), path.join(extension.extensionPath, "gone"));
    await run("dockerfile-ls.restartServer");
    assert.strictEqual(status().kind, "missing");
    await answer("comes without a server, and dockerfile-ls is not on the PATH");
    fs.renameSync(path.join(extension.extensionPath, "gone"), path.join(extension.extensionPath, "bin"));
  },
  async "a server starts in its own folder, and is started again when it crashes while it runs"() {
    const script = path.join(work, "fragile"),
      bundled = path.join(extension.extensionPath, "bin", "dockerfile-ls");
    const inBackground = `exec 3<&0\n'${bundled}' "$@" <&3 &\necho $! > '${work}/fragile.pid'\nwait $!\n`;
    fs.writeFileSync(script, `#!/bin/sh\npwd > '${work}/fragile.folder'\n${inBackground}`, { mode: 0o755 });
    await setMachine("path", script);
    await until("the findings", () => found("untagged-base-image"));
    assert.strictEqual(read("fragile.folder"), `${work}\n`); // and not the workspace
    const pid = Number(read("fragile.pid"));
    process.kill(pid, "SIGKILL");
    await until("another server", () => Number(read("fragile.pid")) !== pid && status().kind === "running");
    await until("the findings", () => found("untagged-base-image"));
  },
  async "a crash beside a restart leaves one server"() {
    const script = path.join(work, "once"),
      mark = path.join(work, "crashed");
    fs.writeFileSync(mark, "");
    const crashesOnce = `#!/bin/sh\n[ -e '${mark}' ] && exec '${server}' "$@"\necho >'${mark}'\nexit 3\n`;
    fs.writeFileSync(script, crashesOnce, { mode: 0o755 });
    await setMachine("path", script);
    await until("the script", () => status().kind === "running" && status().found.file === script);
    await until("the findings", () => found("untagged-base-image"));
    fs.rmSync(mark);
    const before = starts();
    // The first one crashes while the second one waits for its turn.
    await Promise.all([run("dockerfile-ls.restartServer"), run("dockerfile-ls.restartServer")]);
    assert.ok(fs.existsSync(mark));
    await run("dockerfile-ls.restartServer"); // behind what the crash has brought up
    await until("the findings", () => found("untagged-base-image"));
    assert.strictEqual(starts(), before + 2);
  },
  async "a server that always crashes is started again four times, and then that is told"() {
    const script = path.join(work, "broken");
    fs.writeFileSync(
      script,
      `#!/bin/sh\n[ ! -e '${work}/mended' ] || exec '${server}' "$@"\necho crash >> '${work}/crashes'\nexit 3\n`,
      { mode: 0o755 },
    );
    await setMachine("path", script);
    await until("the status", () => status().kind === "failed");
    assert.strictEqual(read("crashes"), "crash\n".repeat(5));
    fs.writeFileSync(path.join(work, "mended"), "");
    await answer("The server crashed 5 times within 3 minutes and is not started again.", "Restart");
    await isRunning();
    await until("the findings", () => found("untagged-base-image"));
    assert.strictEqual(read("crashes"), "crash\n".repeat(5));
  },
  async "the server ends when it is to, with 0"() {
    await setMachine("path", server);
    await isRunning();
    await until("the findings", () => found("untagged-base-image"));
    await until("the ends", () => read("codes").split("\n").length - 1 === starts() - 1);
    assert.strictEqual(read("codes"), "0\n".repeat(starts() - 1));
  },
};

exports.run = async function run() {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const began = Date.now();
    try {
      await test();
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}: ${error?.stack ?? error}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
};
