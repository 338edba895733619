// The portals as people use them: the real program, the example world, Debian's Chromium.

import assert from "node:assert/strict";
import { test } from "node:test";
import { account, checkAccess, employer, official, open, textOf, worker } from "./scene.js";
import { beginMatter } from "./support.js";

const heading = (page) => page.textContent("h1");

/** Shows the holder's QR code for a question; gives its text. */
async function showQr(page, question) {
  await page.goto("/my/proof");
  await page.click(`form[action='/my/proof']:has([value=${question}]) button`);
  await page.waitForSelector(".proof__code svg");
  return page.textContent("#proof-text");
}

async function checkQr(page, text) {
  await page.goto("/check");
  await page.fill("#qr", text);
  await page.click("#qr-form button[type=submit]");
}

test("a holder sees the status, shows a QR, an employer verifies it, the holder sees the look", async () => {
  const holder = await open(worker());
  assert.match(await textOf(holder, ".answer >> nth=0"), /May I stay\?[\s\S]*Yes, until/);
  assert.match(await textOf(holder, ".answer >> nth=1"), /May I work\?[\s\S]*Yes, until/);
  const proof = await showQr(holder, "work");
  assert.match(proof, /^SJ1:/);

  const verifier = await open(employer());
  await checkQr(verifier, proof);
  assert.equal((await heading(verifier)).trim(), "Yes, may work");
  const answer = await textOf(verifier, ".verdict");
  assert.match(answer, /Holds\s*until|until \d/);
  await holder.goto("/my");
  const name = (await heading(holder)).trim();
  assert.ok(!answer.includes(name), "the answer does not name the holder");

  await holder.goto("/my/looks");
  assert.match(await textOf(holder, ".looks >> nth=0"), /Invented Bakery Ltd[\s\S]*Right checked/);
  for (const page of [holder, verifier]) assert.deepEqual(page.complaints, []);
});

test("a share code and the birth date give the same answer; one of them wrong gives none", async () => {
  const holder = await open(worker());
  await holder.goto("/my/data");
  const born = await holder.textContent(".fact-list li:has-text('Birth date') .fact-list__value");
  const date = new Date(`${born.replaceAll("\u00a0", " ")} UTC`);
  await holder.goto("/my/proof");
  await holder.click("summary:has-text('Right to work')");
  await holder.click("form[action='/my/share-code']:has([value=work]) button");
  const code = (await holder.textContent("#share-code")).trim();

  const verifier = await open(employer());
  const check = async (year) => {
    await verifier.goto("/check");
    await verifier.fill("#code", code.toLowerCase().replaceAll("-", " "));
    await verifier.fill("#birth-day", String(date.getUTCDate()));
    await verifier.fill("#birth-month", String(date.getUTCMonth() + 1));
    await verifier.fill("#birth-year", String(year));
    await verifier.click("form[action='/check/code'] button[type=submit]");
  };
  await check(date.getUTCFullYear() - 1);
  assert.match(await textOf(verifier, "#code-error"), /do not match/);
  assert.equal(await verifier.getAttribute("#code", "aria-invalid"), "true");
  await check(date.getUTCFullYear());
  assert.equal((await heading(verifier)).trim(), "Yes, may work");

  await holder.goto("/my/proof");
  await holder.click("form[action='/my/share-code/end'] button");
  await check(date.getUTCFullYear());
  assert.match(await textOf(verifier, "#code-error"), /do not match/);
});

test("a tampered, a foreign and an empty QR text are refused with the reason", async () => {
  const proof = await showQr(await open(worker()), "stay");
  const verifier = await open(employer());
  const last = proof.at(-1) === "0" ? "1" : "0";
  await checkQr(verifier, proof.slice(0, -1) + last);
  assert.equal((await heading(verifier)).trim(), "The code is not valid");
  await checkQr(verifier, "HC1:NCFOXN%TSMAHN-H");
  assert.match(await textOf(verifier, ".verdict"), /not a code of Sojourn/);
  await checkQr(verifier, "");
  assert.match(await textOf(verifier, "#qr-error"), /Paste the text/);
  assert.deepEqual(verifier.complaints, []);
});

test("an official finds a person only under a purpose, and the person sees it", async () => {
  const holder = await open(worker());
  await holder.goto("/my/data");
  const document = await holder.textContent(".fact-list li:has-text('current') .fact-list__value");
  const number = document.split(",")[0].trim();

  const office = await open(official());
  await office.goto("/office/find");
  assert.equal(new URL(office.url()).pathname, "/office/matter", "no search without a purpose");
  await beginMatter(office, "supervision");
  assert.match(await textOf(office, "#case-error"), /needs a case number/);
  await beginMatter(office, "supervision", "77/2025-1");
  await office.fill("#number", number);
  await office.click("form[action='/office/find/document'] button");
  await office.click("article h3 a");
  assert.match(await textOf(office, ".band"), /case 77\/2025-1/);
  assert.match(await textOf(office, "main"), /Not shown under this purpose: .*payments/);

  await holder.goto("/my/looks");
  const looks = await textOf(holder, ".looks >> nth=0");
  assert.match(looks, /Profile viewed[\s\S]*Supervision of stay[\s\S]*Case 77\/2025-1/);
  assert.match(looks, /Search/);
  for (const page of [holder, office]) assert.deepEqual(page.complaints, []);
});

test("an official takes a pair from the queue and must give a reason", async () => {
  const office = await open(official());
  await beginMatter(office, "identity_review");
  const pairs = await office.locator("tbody tr").count();
  assert.ok(pairs > 0, "the example world leaves pairs to review");
  await office.click("tbody a >> nth=0");
  await office.click("form[action$='/take'] button");
  await office.check("#decision-different");
  await office.click("form.card button[type=submit]");
  assert.match(await textOf(office, "#reason-error"), /Give your reason/);
  await office.check("#decision-different");
  await office.fill("#reason", "Seen together at the desk");
  await office.click("form.card button[type=submit]");
  assert.equal(await office.locator("tbody tr").count(), pairs - 1);
  assert.deepEqual(office.complaints, []);
});

test("statistics are open to all: map, the same figures as a table, protected cells, CSV", async () => {
  const page = await open();
  await page.goto("/statistics");
  assert.ok((await page.locator(".map-figure svg path[data-region]").count()) > 50, "the map has its regions");
  const withheld = page.locator("td.withheld");
  assert.ok((await withheld.count()) > 0);
  assert.equal((await withheld.first().textContent()).trim(), "withheld");
  const href = await page.getAttribute("a[href*='stock_citizenship_region']", "href");
  const csv = await (await page.request.get(href)).text();
  assert.match(csv, /^citizenship,region,count,status\r\n/);
  assert.match(csv, /_T,_T,\d+,published/);
  assert.doesNotMatch(csv, /,[1-4],published/, "no count below the threshold");
  assert.deepEqual(page.complaints, []);
});

test("a holder's pages are closed to others, and signing out closes them", async () => {
  const verifier = await open(employer());
  const refused = await verifier.goto("/my");
  assert.equal(refused.status(), 403);
  const holder = await open(worker());
  await holder.click("form[action='/sign-out'] button");
  await holder.goto("/my");
  assert.equal(new URL(holder.url()).pathname, "/sign-in");
});

test("whoever has lost a phone ends every session at once", async () => {
  const [lost, kept] = [await open(worker()), await open(worker())];
  await kept.goto("/my/looks");
  await kept.click("form[action='/sign-out/everywhere'] button");
  await lost.goto("/my/data");
  assert.equal(new URL(lost.url()).pathname, "/sign-in");
});

/** Every kind of page, reached as its reader reaches it. */
const PAGES = [
  ["landing", null, (page) => page.goto("/")],
  ["sign-in", null, (page) => page.goto("/sign-in")],
  ["about", null, (page) => page.goto("/about")],
  ["statistics", null, (page) => page.goto("/statistics")],
  ["status", worker, (page) => page.goto("/my")],
  ["status of one without a basis", () => account((one) => one.shows === "no basis to stay"), (page) => page.goto("/my")],
  ["proof", worker, (page) => page.goto("/my/proof")],
  ["QR", worker, (page) => showQr(page, "work")],
  ["data", worker, (page) => page.goto("/my/data")],
  ["looks", worker, (page) => page.goto("/my/looks")],
  ["check", employer, (page) => page.goto("/check")],
  ["check with errors", employer, (page) => checkQr(page, "")],
  ["verdict", employer, (page) => checkQr(page, "SJ1:ABC")],
  ["matter", official, (page) => page.goto("/office/matter")],
  ["find", official, (page) => beginMatter(page, "permits")],
  ["person", official, findSomebody],
  ["queue", official, (page) => beginMatter(page, "identity_review")],
  ["review", official, reviewFirst],
];

async function findSomebody(page) {
  await beginMatter(page, "permits");
  await page.fill("#name", "KARIMOV");
  await page.fill("#born", "1981");
  await page.click("form[action='/office/find/name'] button");
  await page.click("article h3 a");
}

async function reviewFirst(page) {
  await beginMatter(page, "identity_review");
  await page.click("tbody a >> nth=0");
}

for (const language of ["en", "ru"]) {
  for (const [name, who, reach] of PAGES) {
    test(`${name} (${language}) is accessible, narrow and quiet`, async () => {
      const page = await open(who?.(), { language });
      await reach(page);
      assert.equal(await page.getAttribute("html", "lang"), language);
      await checkAccess(page);
    });
  }
}

test("every page works without scripts, and the first Tab leads past the frame", async () => {
  const holder = await open(worker(), { scripts: false });
  const proof = await showQr(holder, "stay");
  const verifier = await open(employer(), { scripts: false });
  await checkQr(verifier, proof);
  assert.equal((await heading(verifier)).trim(), "Yes, may be in Russia");
  await verifier.goto("/check");
  assert.equal(await verifier.isVisible("#camera"), false, "the camera is offered only where it works");
  await verifier.keyboard.press("Tab");
  assert.equal(await verifier.locator(":focus").getAttribute("href"), "#content");
});

test("the language is remembered, and the page comes back where it was", async () => {
  const page = await open(null, { language: "ru" });
  await page.goto("/statistics");
  await page.click("a[lang=en]");
  assert.equal(new URL(page.url()).pathname, "/statistics");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.goto("/");
  assert.equal(await page.getAttribute("html", "lang"), "en");
});

