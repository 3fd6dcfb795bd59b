// try.mjs WORK ADDRESS: looks at what editors/try shows.
import { join } from "node:path";
import { openBrowser, tell } from "./workbench.mjs";

const [work, address] = process.argv.slice(2);
const browser = await openBrowser(join(work, "chromium"));
const page = browser.pages()[0];
let good = false;
try {
  good = await tell("the tour's first Dockerfile is open, and its findings are shown", async () => {
    await page.goto(address, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".editor-instance .squiggly-warning", { timeout: 60_000 });
  });
} finally {
  await browser.close();
}
process.exit(good ? 0 : 1);
