// What every test of the portals has: the program on the example world, a browser, people who sign in, and the checks that
// each page must pass.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { openPage, signIn, startBrowser, startPortals } from "./support.js";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// WCAG 2.2, 1.4.10: nothing scrolls sideways in a window this wide.
const NARROW = 320;

let portals, browser;

before(async () => {
  portals = await startPortals();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await portals?.stop();
});

export const account = (fits) => {
  const found = portals.signIns.find(fits);
  assert.ok(found, "the demonstration has such a sign-in");
  return found;
};
/** A holder whose stay and work rest on a patent: both answers are yes, with a day and a region. */
export const worker = () => account((one) => one.shows.includes("patent"));
export const other = () => account((one) => one.role === "holder" && one.login !== worker().login);
export const official = () => account((one) => one.role === "official");
export const employer = () => account((one) => one.role === "verifier");

/** A page of a browser of its own, signed in as somebody or as nobody. */
export async function open(who, options) {
  const page = await openPage(browser, portals.origin, options);
  if (who) await signIn(page, who);
  return page;
}

/** Text of an element with plain spaces. */
export const textOf = async (page, selector) => (await page.innerText(selector)).replaceAll("\u00a0", " ");

/** No violation of WCAG 2.2 AA, nothing wider than a narrow window, no complaint of the browser; then closes the page. */
export async function checkAccess(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  assert.deepEqual(violations.map((found) => [found.id, found.nodes.map((node) => node.target)]), []);
  await page.setViewportSize({ width: NARROW, height: 800 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `scrolls sideways by ${overflow} px`);
  await page.keyboard.press("Tab");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}
