// Visits « Vérifier un parchemin.html » in Chromium, from disk and offline, for visitor.py: one JSON
// request per line in, one JSON reply out. argv: chromium, an empty folder, a film for the camera.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(new URL("../engines/driver.mjs", import.meta.url))("playwright-core");
const [executablePath, profile, film] = process.argv.slice(2);
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  chromiumSandbox: false,
  offline: true,
  viewport: { width: 900, height: 1000 },
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(15_000);
let asked = [], errors = [];
page.on("request", (request) => asked.push(request.url()));
page.on("pageerror", (error) => errors.push(String(error)));
page.on("console", (said) => said.type() === "error" && errors.push(said.text()));

// The answer, or the refusal told in its place.
async function answer() {
  await page.waitForFunction(
    () => !document.getElementById("reponse").hidden ||
      document.getElementById("aide").classList.contains("told"),
  );
  return page.evaluate(() => {
    const shown = document.getElementById("reponse");
    const text = (id) => document.getElementById(id).innerText;
    if (shown.hidden) return { refused: text("aide") };
    const rows = [...document.querySelectorAll("#mentions div")];
    return {
      verdict: shown.dataset.verdict,
      title: text("verdict"),
      reasons: [...document.querySelectorAll("#raisons p")].map((one) => one.innerText),
      caption: text("legende"),
      mentions: Object.fromEntries(rows.map((row) => [...row.children].map((one) => one.innerText))),
      focused: document.activeElement === shown,
    };
  });
}

const forget = () =>
  page.evaluate(() => {
    document.getElementById("reponse").hidden = true;
    document.getElementById("aide").classList.remove("told");
  });

const does = {
  async open({ path }) {
    [asked, errors] = [[], []];
    await page.goto(pathToFileURL(path).href);
    return { retraits: await page.innerText("#retraits") };
  },
  async photo({ path }) {
    await forget();
    await page.setInputFiles("#photo", path);
    return answer();
  },
  async text({ texts }) {
    const answers = [];
    await page.evaluate(() => (document.querySelector("details").open = true));
    for (const text of texts) {
      await forget();
      await page.fill("#texte", text);
      await page.click("#saisie button");
      answers.push(await answer());
    }
    return answers;
  },
  async list({ path }) {
    const before = await page.innerText("#retraits");
    await page.setInputFiles("#liste", path);
    await page.waitForFunction((b) => document.getElementById("retraits").innerText !== b, before);
    return { retraits: await page.innerText("#retraits") };
  },
  async camera() {
    await forget();
    await page.click("#camera");
    const found = await answer();
    return { ...found, off: await page.evaluate(() => document.getElementById("image").hidden) };
  },
  async run({ script }) {
    return page.evaluate(script);
  },
  async resize({ width }) {
    await page.setViewportSize({ width, height: 1000 });
    return {};
  },
  async keyboard({ keys }) {
    await page.evaluate(() => document.activeElement?.blur());
    for (const key of keys) await page.keyboard.press(key);
    return page.evaluate(() => document.activeElement.id || document.activeElement.innerText);
  },
  async picture({ path }) {
    await page.screenshot({ path, fullPage: true });
    return {};
  },
  async heard() {
    return { asked, errors };
  },
};

const say = (reply) => process.stdout.write(`${JSON.stringify(reply)}\n`);
say({ ok: true });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    say({ ok: true, found: await does[request.do](request) });
  } catch (error) {
    say({ ok: false, error: String(error.stack) });
  }
}
await context.close();
