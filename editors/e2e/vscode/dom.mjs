// dom.mjs WORK VSIX PICTURES: does with the mouse and the keyboard what a user does, and looks at what is on the screen and
// on the disk. Takes the pictures of the README on the way.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openWorkbench, tell, until } from "./workbench.mjs";

const [work, vsix, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const folder = join(work, "project"),
  file = join(folder, "Dockerfile");
const onDisk = () => readFileSync(file, "utf8");
const original = onDisk();

const workbench = await openWorkbench({
  work,
  vsix,
  folder,
  machine: { "dockerfile-ls.path": join(work, "server"), "dockerfile-ls.registry.lookups": "off" },
  user: {
    "workbench.activityBar.location": "hidden",
    "editor.fontSize": 15,
    "editor.lineHeight": 24,
    "editor.renderLineHighlight": "none",
    "workbench.editor.showTabs": "single",
    "breadcrumbs.enabled": false,
    "editor.hover.enabled": "off",
    "editor.occurrencesHighlight": "off",
    "editor.selectionHighlight": false,
    "workbench.editor.empty.hint": "hidden",
  },
  options: ["--disable-workspace-trust"],
  size: { width: 1000, height: 560 },
  scale: 1.5,
});
const { page } = workbench;
const lines = () =>
  page
    .locator(".editor-instance .view-line")
    .evaluateAll((all) =>
      all
        .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
        .map((line) => line.textContent.replaceAll("\u00a0", " ")),
    );
const shows = (line) => until(`the line ${line}`, async () => (await lines()).includes(line));
const clickLine = (start) =>
  page
    .locator(".editor-instance .view-line")
    .filter({ hasText: start })
    .click({ position: { x: 60, y: 10 } });
const goTo = async (line, column) => {
  await page.keyboard.press("Control+G");
  await page.locator(".quick-input-widget input").fill(`:${line},${column}`);
  await page.keyboard.press("Enter");
  await page.getByText(`Ln ${line}, Col ${column}`, { exact: true }).waitFor();
};
const palette = async (title) => {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
};
const menu = page.locator(".action-widget .monaco-list-row.action");
const inMenu = (title) => menu.filter({ hasText: title }).first();
/** Opens the menu of fixes; again, if what it shows was not known yet. */
const openMenu = (title) =>
  until(`the fix ${title}`, async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    return inMenu(title)
      .waitFor({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
  });
const picture = async (name) => {
  await page.mouse.move(700, 240);
  await page.screenshot({
    path: join(pictures, name),
    animations: "disabled",
    caret: "hide",
    style: ".notifications-toasts { display: none !important }",
  });
  if (statSync(join(pictures, name)).size >= 200_000) throw new Error(`${name} is not smaller than 200 kB`);
};

/** The first rows of the list of problems; what stands further down is not in the page. */
const first = ["untagged-base-image", "node-env-not-production", "runs-as-root", "missing-dockerignore"];
const row = (rule) => page.locator(".markers-panel .monaco-list-row").filter({ hasText: rule });

const tests = {
  async "findings are underlined"() {
    await page.waitForSelector(".explorer-folders-view", { timeout: 60_000 });
    await page.locator(".explorer-folders-view").getByText("Dockerfile", { exact: true }).dblclick();
    await page.waitForSelector(".editor-instance .squiggly-warning", { timeout: 30_000 });
    await page.keyboard.press("Control+B"); // the list of files is done with
  },
  async "and listed under Problems"() {
    await page.keyboard.press("Control+Shift+M");
    for (const rule of first) await row(rule).waitFor();
    await clickLine("CMD");
    await picture("findings.png");
  },
  async "half a line is listed too, and the others stay"() {
    const before = await lines();
    await clickLine("WORKDIR");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("USR no");
    await row("unknown-instruction").waitFor();
    for (const rule of first.slice(0, 3)) await row(rule).waitFor();
    await until("the text of before", async () => {
      await page.keyboard.press("Control+Z");
      return JSON.stringify(await lines()) === JSON.stringify(before);
    });
    await row("unknown-instruction").waitFor({ state: "detached" });
  },
  async "the lightbulb's menu offers to rewrite the command"() {
    await clickLine("CMD");
    await page.waitForSelector(
      ".codicon-light-bulb, .codicon-lightbulb, .codicon-lightbulb-autofix, [class*=gutter-lightbulb]",
      { timeout: 15_000 },
    );
    await openMenu("Rewrite to exec form");
    await picture("quick-fix.png");
  },
  async "the chosen fix changes the line, and saved the file, byte for byte"() {
    await inMenu("Rewrite to exec form").click();
    await shows('CMD ["npm", "start"]');
    await page.keyboard.press("Control+S");
    await until("the file", () => onDisk() === original.replace('CMD "npm" "start"', 'CMD ["npm", "start"]'));
  },
  async "Generate .dockerignore makes the file"() {
    await goTo(3, 6);
    await openMenu("Generate .dockerignore");
    await inMenu("Generate .dockerignore").click();
    await until("the file", () => existsSync(join(folder, ".dockerignore")));
    await palette("File: Save All Files");
    await until("its text", () => /^\*\*\/node_modules$/m.test(readFileSync(join(folder, ".dockerignore"), "utf8")));
  },
  async "Harden asks, and makes one edit"() {
    await page.keyboard.press("Control+J"); // only what is on the screen can be seen, and the list is done with
    await palette("Dockerfile: Harden This Dockerfile");
    await page
      .locator(".notifications-toasts")
      .getByRole("button", { name: /^Make all \d+ changes$/ })
      .click();
    await until("the hardened text", async () => (await lines()).includes("USER node"));
    await until("no warning", async () => (await page.locator(".editor-instance .squiggly-warning").count()) === 0);
    await picture("hardened.png");
  },
  async "one undo takes it back"() {
    await clickLine("USER node");
    await page.keyboard.press("Control+Z");
    await until("the text of before", async () => !(await lines()).includes("USER node"));
    await page.keyboard.press("Control+S");
    await until("the file", () => onDisk() === original.replace('CMD "npm" "start"', 'CMD ["npm", "start"]'));
  },
  async "the status bar says that the server runs"() {
    await page.locator("#status\\.languageStatus").hover();
    await page
      .locator(".hover-language-status")
      .filter({ hasText: /Dockerfile LS \S+/ })
      .first()
      .waitFor();
  },
  async "the server ends with the window"() {
    await page.goto("about:blank");
    await until("the end", () => existsSync(join(work, "codes")));
  },
};

let failed = 0;
try {
  await workbench.load();
  for (const [name, test] of Object.entries(tests)) {
    if (await tell(name, test)) continue;
    failed++;
    await page.screenshot({ path: join(work, `failed-${failed}.png`) });
  }
} finally {
  await workbench.close();
}
process.exit(failed === 0 ? 0 : 1);
