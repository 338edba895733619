// Starts the program on a loopback port with the example world, and a browser; ends both by what it started itself.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

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
  const args = ["demo", "--json", "--store", `sqlite:${join(folder, "demo.db")}`, "--keys", join(folder, "keys")];
  const child = spawn(program, [...args, "--listen", listen], { stdio: ["ignore", "pipe", "inherit"] });
  const signIns = [];
  createInterface({ input: child.stdout }).on("line", (line) => signIns.push(...signInsOf(line)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tenths = 0; !(await answers(`http://${listen}/readyz`)); tenths++) {
    if (child.exitCode !== null || tenths > START_SECONDS_MAX * 10) {
      await stop();
      throw new Error("the program did not come up");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin: `http://${listen}`, signIns, stop };
}

function signInsOf(line) {
  try {
    const said = JSON.parse(line);
    return said.sign_ins ?? (said.login ? [said] : []);
  } catch {
    return [];
  }
}

export function startBrowser() {
  return chromium.launch({ executablePath: BROWSER, args: BROWSER_FLAGS });
}

/** A page of its own browser context; what it complains about is gathered in `complaints`. */
export async function openPage(browser, origin, { language = "en", javaScriptEnabled = true, width = 1280 } = {}) {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    javaScriptEnabled,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, context, complaints };
}

export async function signIn(page, account) {
  await page.goto("/sign-in");
  await page.fill("#login", account.login);
  await page.fill("#secret", account.secret);
  await page.click("main form.card button[type=submit]");
}
