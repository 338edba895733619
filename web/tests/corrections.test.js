// Contesting as people do it: from the fact to the decision, who is told, and what old proofs are worth afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { account, checkAccess, employer, official, open, other, textOf, worker } from "./scene.js";
import { beginMatter } from "./support.js";

const LATIN = ".fact-list li:has-text('Name in Latin letters')";

/** The holder says that the name is spelt otherwise. */
async function contestName(page, surname) {
  await page.goto("/my/data");
  await page.click(`${LATIN} a`);
  await page.fill("#surname", surname);
  await page.fill("#given", "JASUR");
  await page.fill("#says", "My passport says otherwise");
  await page.click("main form.card button[type=submit]");
  assert.equal(new URL(page.url()).pathname, "/my/corrections");
}

async function takeFirst(page) {
  await beginMatter(page, "correction");
  assert.equal(new URL(page.url()).pathname, "/office/corrections");
  await page.click("tbody a >> nth=0");
  const take = page.locator("form[action$='/take'] button");
  if ((await take.count()) > 0) await take.click();
}

async function decide(page, decision, reason) {
  await page.check(`input[name=decision][value=${decision}]`);
  await page.fill("#reason", reason);
  await page.click("form.card:has(#decision) button[type=submit]");
}

test("a holder contests a name, an official asks and accepts, the holder sees the right name and every step", async () => {
  const holder = await open(worker(), { scripts: false });
  await holder.goto("/my/proof");
  await holder.click("form[action='/my/proof']:has([value=work]) button");
  const proof = await holder.textContent("#proof-text");
  await contestName(holder, "KARIMOFF");
  const opened = await textOf(holder, "section.card >> nth=0");
  assert.match(opened, /Case 1: Name in Latin letters/);
  assert.match(opened, /Waiting[\s\S]*due by \d+ December 2025/);
  await holder.goto("/my/data");
  assert.match(await textOf(holder, LATIN), /Contested: not decided yet/);

  const office = await open(official(), { scripts: false });
  await takeFirst(office);
  assert.match(await textOf(office, "main"), /What sources say[\s\S]*Source:/);
  await office.fill("#question", "Which passport?");
  await office.click("form[action$='/ask'] button");
  await holder.goto("/my/corrections");
  assert.match(await textOf(holder, "section.card >> nth=0"), /An answer is awaited[\s\S]*Which passport\?/);
  await holder.fill("#text", "The one of 2024");
  await holder.click("form[action$='/answer'] button");
  await office.reload();
  assert.match(await textOf(office, "main"), /The one of 2024/);
  await decide(office, "accept", "");
  assert.match(await textOf(office, "#reason-error"), /reason/);
  await decide(office, "accept", "The passport of 2024 was shown");

  await holder.goto("/my/data");
  const name = await textOf(holder, LATIN);
  assert.match(name, /KARIMOFF[\s\S]*An official decided so[\s\S]*found wrong by a decision/);
  assert.doesNotMatch(name, /Contested/);
  await holder.goto("/my/corrections");
  const told = await textOf(holder, "section.card >> nth=0");
  assert.match(told, /Accepted/);
  for (const step of ["Received", "Taken up", "A question", "Answered", "Decided", "Others were told"])
    assert.ok(told.includes(step), step);
  assert.match(told, /The passport of 2024 was shown[\s\S]*152-FZ/);

  const verifier = await open(employer());
  await verifier.goto("/check");
  await verifier.fill("#qr", proof);
  await verifier.click("#qr-form button[type=submit]");
  assert.match(await textOf(verifier, ".verdict"), /Yes, may work[\s\S]*was withdrawn on/);
  const list = await (await verifier.request.get("/api/v1/proofs/withdrawn")).json();
  assert.equal(list.withdrawn.length, 1);
  for (const page of [holder, office, verifier]) assert.deepEqual(page.complaints, []);
});

test("a refusal says why and how to appeal; nobody else sees the case", async () => {
  const holder = await open(other());
  await holder.goto("/my/data");
  await holder.click("section:has(h2:has-text('Border crossings')) a >> nth=0");
  await holder.click("main form.card button[type=submit]");
  assert.match(await textOf(holder, "#says-error"), /Say in words/);
  assert.match(await textOf(holder, "#kind-error"), /Choose/);
  await holder.check("#kind-no-event");
  await holder.fill("#says", "I was at home that day");
  await holder.click("main form.card button[type=submit]");

  const office = await open(official());
  await takeFirst(office);
  await decide(office, "refuse", "The stamp is in the passport");
  assert.match(await textOf(office, "main"), /This case has been decided/);
  await holder.goto("/my/corrections");
  const told = await textOf(holder, "main");
  assert.match(told, /Refused[\s\S]*The stamp is in the passport[\s\S]*Roskomnadzor[\s\S]*go to court until \d+ March 2026/);
  assert.doesNotMatch(told, /KARIMOFF/, "the other holder's case");
  const stranger = await open(worker());
  await stranger.goto("/my/corrections");
  assert.doesNotMatch(await textOf(stranger, "main"), /at home that day/);
  assert.deepEqual(holder.complaints, []);
});

test("an official parts a record from a profile and takes the ruling back", async () => {
  const office = await open(official());
  await findWorker(office);
  await office.click("a[href$='/records']");
  const records = () => office.locator("input[name=record]").count();
  const before = await records();
  await office.fill("#reason", "Another person's card");
  await office.click("form[action$='/part'] button");
  assert.match(await textOf(office, "#records-error"), /not all of them/);
  await office.check("#record-1");
  await office.click("form[action$='/part'] button");
  assert.equal(await records(), before - 1);
  assert.match(await textOf(office, "section:has(#rulings)"), /parted from profile[\s\S]*Another person's card/);
  await office.fill("input[name=why]", "A mistake");
  await office.click("form[action$='/undo'] button");
  assert.equal(await records(), before);
  assert.match(await textOf(office, "section:has(#rulings)"), /Taken back by/);
  assert.deepEqual(office.complaints, []);
});

async function findWorker(page) {
  await beginMatter(page, "identity_review");
  await page.goto("/office/find");
  await page.fill("#name", "KARIMOV");
  await page.fill("#born", "1981");
  await page.click("form[action='/office/find/name'] button[type=submit]");
  await page.click("article h3 a");
}

async function caseOf(page) {
  const holder = await open(account((one) => one.role === "holder" && ![worker().login, other().login].includes(one.login)));
  await holder.goto("/my/data");
  const link = holder.locator("a[href*='field=birth_date']");
  if ((await link.count()) > 0) {
    await link.click();
    await holder.fill("#right", "1980-01-01");
    await holder.fill("#says", "The day is another one");
    await holder.click("main form.card button[type=submit]");
  }
  await holder.context().close();
  await takeFirst(page);
}

/** Every kind of page, reached as its reader reaches it. */
const PAGES = [
  ["my corrections", worker, (page) => page.goto("/my/corrections")],
  ["form of a name", worker, (page) => page.goto("/my/corrections/new?field=latin&n=0")],
  ["form of a citizenship", worker, (page) => page.goto("/my/corrections/new?field=citizenship&n=0")],
  ["form of a sex", worker, (page) => page.goto("/my/corrections/new?field=sex&n=0")],
  ["form of a document", worker, (page) => page.goto("/my/corrections/new?field=document&n=0")],
  [
    "form of an event with errors",
    worker,
    async (page) => {
      await page.goto("/my/data");
      await page.click("a[href*='record=permits']");
      await page.click("main form.card button[type=submit]");
    },
  ],
  ["contested cases", official, (page) => beginMatter(page, "correction")],
  ["contested case", official, caseOf],
  [
    "records of a profile",
    official,
    async (page) => {
      await findWorker(page);
      await page.click("a[href$='/records']");
    },
  ],
];

for (const language of ["en", "ru"]) {
  for (const [name, who, reach] of PAGES) {
    test(`${name} (${language}) is accessible, narrow and quiet`, async () => {
      const page = await open(who(), { language });
      await reach(page);
      assert.equal(await page.getAttribute("html", "lang"), language);
      await checkAccess(page);
    });
  }
}
