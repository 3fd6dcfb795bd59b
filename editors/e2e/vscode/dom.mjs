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
/** What is found in it, but for a hint, which VS Code does not list: rules, and the text that they mark. */
const tour = readFileSync(join(import.meta.dirname, "..", "tour.txt"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t"))
  .filter(([rule]) => rule !== "no-signal-handler");

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

/** What stands under Problems, as rule and place, the part too that has to be scrolled to. */
const problems = async () => {
  const rows = page.locator(".markers-panel .monaco-list-row");
  const shown = () => rows.evaluateAll((all) => all.map((row) => [Number(row.dataset.index), row.textContent]));
  const scroll = async (by, index) => {
    const row = page.locator(`.markers-panel .monaco-list-row[data-index="${index}"]`);
    for (let turns = 0; turns < 20 && (await row.count()) === 0; turns++) {
      await page.mouse.wheel(0, by);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
  };
  await page.locator(".markers-panel .monaco-list").hover({ position: { x: 4, y: 40 }, force: true });
  await scroll(-100, 1);
  const first = await shown();
  await scroll(100, Number(/\d+$/.exec(new Map(first).get(0) ?? "")?.[0])); // the row of the file counts the others
  const all = new Map([...first, ...(await shown())]);
  return [...all.values()]
    .map((text) => /dockerfile-ls\(?([\w-]+)\)?\s*\[Ln (\d+), Col (\d+)\]$/.exec(text))
    .filter((place) => place !== null)
    .map(([, rule, line, column]) => ({ rule, line: Number(line), column: Number(column) }));
};
/** Waits until under Problems are the findings of the tour at what they mark in a text, and others that are named. */
const areProblems = (text, others = []) => {
  const marked = ({ rule, line, column }) => {
    const rest = text.split("\n")[line - 1]?.slice(column - 1) ?? "";
    return [rule, tour.find(([name, mark]) => name === rule && rest.startsWith(mark))?.[1] ?? rest].join("\t");
  };
  const expected = [...tour.map((line) => line.join("\t")), ...others].sort().join("\n");
  let last;
  const are = async () => {
    last = (await problems()).map(marked).sort().join("\n");
    return last === expected;
  };
  return until("the findings", are).catch((error) => {
    throw new Error(`${error.message}\n${expected}\nand there are\n${last}`);
  });
};

const tests = {
  async "findings are underlined"() {
    await page.waitForSelector(".explorer-folders-view", { timeout: 60_000 });
    await page.locator(".explorer-folders-view").getByText("Dockerfile", { exact: true }).dblclick();
    await page.waitForSelector(".editor-instance .squiggly-warning", { timeout: 30_000 });
    await page.keyboard.press("Control+B"); // the list of files is done with
  },
  async "and listed under Problems, each at what it marks"() {
    await page.keyboard.press("Control+Shift+M");
    await areProblems(original);
    await page.waitForSelector(".editor-instance .squiggly-hint");
  },
  async "half a line is found while it is typed, and hides nothing of the others"() {
    const line = "RUN npm install\n";
    await goTo(4, line.length);
    await page.keyboard.press("Enter");
    await page.keyboard.type("USR no");
    await areProblems(original.replace(line, `${line}USR no\n`), ["unknown-instruction\tUSR no"]);
    await page.keyboard.press("Escape"); // what an editor offers for the word
    await page.keyboard.press("Control+Shift+K");
    await areProblems(original);
    await clickLine("CMD");
    await picture("findings.png");
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
