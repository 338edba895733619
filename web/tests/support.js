// Starts the program on a loopback port with the example world, and a browser; ends both by what it started itself.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const WORLD = fileURLToPath(new URL("../../examples/world", import.meta.url));
const START_SECONDS_MAX = 300;
const BROWSER = process.env.SOJOURN_BROWSER ?? "/usr/bin/chromium";
const BROWSER_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Runs `sojourn demo`; gives its address, its sign-ins by role, and how to end it. */
export async function startPortals() {
  const program = process.env.SOJOURN_BIN;
  if (!program) throw new Error("SOJOURN_BIN names no program");
  const folder = mkdtempSync(join(tmpdir(), "sojourn-portals-"));
  const listen = `127.0.0.1:${await freePort()}`;
  // An empty database of a server may be named instead; then one file of tests at a time.
  const store = process.env.SOJOURN_TEST_STORE ?? `sqlite:${join(folder, "demo.db")}`;
  const args = ["--json", "--store", store, "--keys", join(folder, "keys")];
  const data = process.env.SOJOURN_DATA ? ["--data", process.env.SOJOURN_DATA] : [];
  const child = spawn(program, [...args, ...data, "demo", "--world", WORLD, "--listen", listen], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complained = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (complained += text));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tenths = 0; !(await answers(`http://${listen}/readyz`)); tenths++) {
    if (child.exitCode !== null || tenths > START_SECONDS_MAX * 10) {
      await stop();
      throw new Error(`the program did not come up: ${complained}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin: `http://${listen}`, signIns: JSON.parse(said).sign_ins, stop };
}

export function startBrowser() {
  return chromium.launch({ executablePath: BROWSER, args: BROWSER_FLAGS });
}

/** A page in a browser of its own. Its `complaints` hold every console error, so also a break of the content policy. */
export async function openPage(browser, origin, { language = "en", scripts = true, width = 1280 } = {}) {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    javaScriptEnabled: scripts,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

export async function signIn(page, account) {
  await page.goto("/sign-in");
  await page.fill("#login", account.login);
  await page.fill("#secret", account.secret);
  await page.click("main form.card button[type=submit]");
}

/** The official names a purpose. */
export async function beginMatter(page, purpose, number = "") {
  await page.goto("/office/matter");
  await page.check(`input[value=${purpose}]`);
  await page.fill("#case", number);
  await page.click("main form.card button[type=submit]");
}
