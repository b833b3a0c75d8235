// Drives pdf.js in Chromium for chromium.py: one JSON request per line in, one JSON reply out.
// argv: chromium's executable, an empty folder for its profile.
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, profile] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const pdfjs = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const TYPES = { ".html": "text/html", ".mjs": "text/javascript", ".css": "text/css" };
let document = null;

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  try {
    let body;
    if (path === "/") body = await readFile(join(here, "page.html"));
    else if (path === "/document.pdf") body = await readFile(document);
    else if (path.startsWith("/pdfjs/")) body = await readFile(join(pdfjs, path.slice(7)));
    else throw new Error("unknown");
    const type = path === "/" ? "text/html" : TYPES[path.slice(path.lastIndexOf("."))];
    response.writeHead(200, {
      "content-type": type ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  chromiumSandbox: false,
  viewport: { width: 1100, height: 1400 },
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
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(10_000);
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.waitForFunction(() => window.ready === true);
const keyboard = await context.newCDPSession(page);

class Refused extends Error {}

function only(name, widgets, wanted) {
  const widget = widgets.find(wanted);
  if (!widget) {
    const options = widgets.map((w) => w.option).join(", ");
    throw new Refused(`${name}: no such option; it has: ${options}`);
  }
  return widget;
}

// A mouse click where the widget shows, refused if something else shows there; what it held.
async function click({ id, name }) {
  const place = await page.evaluate((id) => {
    const element = document.querySelector(`[data-element-id="${id}"]`);
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = element.getBoundingClientRect();
    const centre = { x: x + width / 2, y: y + height / 2 };
    const shown = document.elementFromPoint(centre.x, centre.y);
    const over = shown === element ? null : (shown?.outerHTML.slice(0, 200) ?? "");
    return { ...centre, over, held: element.value };
  }, id);
  if (place.over !== null) throw new Refused(`${name}: the field is under: ${place.over}`);
  await page.mouse.click(place.x, place.y);
  return place.held;
}

const checked = ({ id }) =>
  page.evaluate((id) => document.querySelector(`[data-element-id="${id}"]`).checked, id);

// A key pressed and let go for each character. They are sent without waiting for one another, and
// taken in order: a text of 2,000 characters is typed in a second. What no key gives is inserted.
async function type(text) {
  let sent = [];
  for (const one of text) {
    if (one.length > 1) {
      await Promise.all(sent);
      sent = [];
      await page.keyboard.insertText(one);
      continue;
    }
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" };
    const key = one === "\n" ? enter : { key: one, text: one };
    sent.push(keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...key }));
    sent.push(keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, text: undefined }));
  }
  await Promise.all(sent);
}

async function answer(name, value, widgets, typed) {
  const { kind } = widgets[0];
  if (kind === "radio" || kind === "checkbox") {
    const widget =
      typeof value === "boolean" ? widgets[0] : only(name, widgets, (w) => w.option === value);
    const wanted = value !== false;
    if ((await checked(widget)) !== wanted) await click(widget);
    if ((await checked(widget)) !== wanted) throw new Refused(`${name}: the click changed nothing`);
  } else if (kind === "Ch") {
    await page.locator(`[data-element-id="${widgets[0].id}"]`).selectOption(value);
  } else if (kind === "Tx") {
    if (await click(widgets[0])) {
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.press("Delete");
    }
    // A long answer is pasted after its beginning has been typed, as people do.
    await type(value.slice(0, typed));
    if (value.length > typed) await page.keyboard.insertText(value.slice(typed));
    await page.keyboard.press("Tab");
  } else {
    throw new Refused(`${name}: a field of kind ${kind} is not filled by hand`);
  }
}

async function fill({ source, target, answers, typed }) {
  document = source;
  const widgets = await page.evaluate(() => window.openForm("/document.pdf"));
  for (const [name, value] of Object.entries(answers)) {
    const named = widgets.filter((w) => w.name === name);
    if (named.length === 0) {
      const names = [...new Set(widgets.map((w) => w.name))].join(", ");
      throw new Refused(`${name}: no such field; the form has: ${names}`);
    }
    const open = named.filter((w) => !w.locked && !w.hidden);
    if (open.length === 0) throw new Refused(`${name}: the field is read-only or hidden`);
    await answer(name, value, open, typed);
  }
  const saved = await page.evaluate(() => window.saveForm());
  await page.evaluate(() => window.closeForm());
  await writeFile(target, Buffer.from(saved, "base64"));
}

const say = (reply) => process.stdout.write(`${JSON.stringify(reply)}\n`);
say({ ready: true, browser: context.browser()?.version() ?? "" });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await fill(JSON.parse(line));
    say({ ok: true });
  } catch (error) {
    say({ ok: false, error: error instanceof Refused ? error.message : String(error.stack) });
  }
}
await context.close();
server.close();
