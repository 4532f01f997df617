// The HTML page: valid (html-validate), accessible (axe-core, in both colour schemes), without a request, sortable, and
// without anything that text of a report could have become. With --pictures FOLDER also pictures to look at.
//
//     node tests/acceptance/check_page.mjs TOOLS PAGE.html... [--pictures FOLDER]
//
// TOOLS is the folder with node_modules (.ci/run installs it). Chromium is Debian's. The last line is `N passed, M failed`.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, ...rest] = process.argv.slice(2);
const at = rest.indexOf("--pictures");
const pictures = at < 0 ? null : rest[at + 1];
const pages = at < 0 ? rest : rest.slice(0, at);
const require = createRequire(pathToFileURL(resolve(tools, "node_modules", "x.js")));
const { HtmlValidate } = require("html-validate");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let passed = 0, failed = 0;
const tell = (name, faults, figures) => {
  if (faults.length) { failed += 1; console.log(`FAIL ${name}: ${faults.slice(0, 5).join("; ").slice(0, 1500)}`); }
  else { passed += 1; console.log(`ok  ${name} (${figures})`); }
};

// Its recommended rules are those of the HTML standard and more; inline styles and the line breaks of generated text are
// matters of taste, and headings in a summary are allowed.
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "no-inline-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "prefer-native-element": "off" } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
if (pictures) mkdirSync(pictures, { recursive: true });

// Searches, filters, keeps both in the fragment, and copies what is in sight, as a person does.
async function works(tab) {
  const faults = [];
  const visible = () => tab.locator("table.sortable tbody tr:visible").count();
  const all = await visible(), search = tab.locator(".filters input"), first = tab.locator(".filters select").first();
  const said = () => tab.locator(".filters output").textContent();
  const word = await tab.locator("table.sortable tbody tr td:nth-child(3)").first().textContent();
  await search.fill(word.trim().slice(0, 12));
  const expected = await tab.locator("table.sortable tbody tr").evaluateAll((rows, text) => rows.filter((row) => [...row.cells].map((c) => c.textContent).join("\n").toLowerCase().includes(text.toLowerCase())).length, word.trim().slice(0, 12));
  if (!/\s/.test(word.trim().slice(0, 12)) && await visible() !== expected) faults.push(`${await visible()} rows for ${word}, not ${expected}`);
  await search.fill("");
  const values = await first.locator("option").evaluateAll((options) => options.map((option) => option.value));
  let sum = 0;
  for (const value of values.slice(1)) {
    await first.selectOption(value);
    sum += await visible();
    if (!(await said()).includes(String(await visible()))) faults.push(`${await said()} is said`);
  }
  if (sum !== all) faults.push(`the values of the first filter have ${sum} of ${all} rows`);
  const kept = await visible(), hash = await tab.evaluate(() => location.hash);
  await tab.reload();
  if (await visible() !== kept || !hash) faults.push(`the fragment ${hash} keeps ${await visible()} of ${kept} rows`);
  await tab.locator(".filters button").last().focus();
  await tab.keyboard.press("Enter");
  if (await visible() !== all) faults.push("the filters are not cleared by keyboard");
  const copied = await tab.evaluate(async () => {
    let text = "";
    navigator.clipboard.writeText = async (given) => { text = given; };
    document.querySelector(".filters button").click();
    await new Promise((done) => setTimeout(done, 50));
    return text;
  });
  if (copied.split("\r\n").length < all + 2) faults.push(`${copied.split("\r\n").length} lines are copied of ${all} rows`);
  return faults;
}

for (const page of pages) {
  const name = basename(page);
  const html = readFileSync(page, "utf8");
  const report = await validator.validateString(html);
  const messages = report.results.flatMap((result) => result.messages.map((m) => `${m.line}:${m.column} ${m.ruleId} ${m.message}`));
  tell(`page ${name}: valid HTML`, messages, `${html.length} characters`);
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    const requests = [], errors = [];
    tab.on("request", (request) => { if (request.url() !== pathToFileURL(resolve(page)).href) requests.push(request.url()); });
    tab.on("pageerror", (error) => errors.push(String(error)));
    tab.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
    tab.on("dialog", (dialog) => { errors.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
    await tab.goto(pathToFileURL(resolve(page)).href);
    // The policy keeps scripts of others out; the checker goes in by the debugger.
    await tab.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate(() => axe.run());
    tell(`page ${name}: accessible, ${colorScheme} (axe-core)`, violations.map((v) => `${v.id} ${v.nodes.length}: ${v.nodes[0].html.slice(0, 150)}`), "no violation");
    const active = await tab.evaluate(() => ({
      tags: [...new Set([...document.querySelectorAll("body *")].map((e) => e.localName))].filter((tag) => !"main h1 h2 p ul li section details summary div table thead tbody tr th td span i a script label input select option button output".split(" ").includes(tag)),
      links: [...document.links].map((a) => a.href).filter((href) => !/^https:\/\/(nvd\.nist\.gov\/vuln\/detail\/CVE-|github\.com\/advisories\/GHSA-)/.test(href)),
      scripts: document.scripts.length,
    }));
    tell(`page ${name}: nothing active, ${colorScheme}`, [...requests, ...errors, ...active.tags, ...active.links, ...(active.scripts === 1 ? [] : [`${active.scripts} scripts`])], "no request, no error");
    if (colorScheme === "light" && await tab.locator("table.sortable").count()) {
      const column = (n) => tab.locator(`table.sortable tbody td:nth-child(${n})`).evaluateAll((cells) => cells.map((c) => c.dataset.key ?? c.textContent));
      const faults = [];
      const before = await column(1);
      if (before.join() !== [...before].sort((a, b) => a - b).join()) faults.push("the worst are not first");
      for (const [n, count] of [[3, 1], [12, 2]]) {
        for (let click = 0; click < count; click += 1) await tab.locator(`table.sortable th:nth-child(${n}) [role=button]`).click();
        const found = await column(n), collator = new Intl.Collator("en", { numeric: true });
        const sorted = [...found].sort((a, b) => (count === 2 ? -1 : 1) * collator.compare(a, b));
        if (found.some((cell, place) => collator.compare(cell, sorted[place]) !== 0)) faults.push(`column ${n} is not sorted`);
        const state = await tab.locator(`table.sortable th:nth-child(${n})`).getAttribute("aria-sort");
        if (state !== (count === 2 ? "descending" : "ascending")) faults.push(`column ${n} says ${state}`);
      }
      tell(`page ${name}: sorts`, faults, `${before.length} rows`);
      tell(`page ${name}: searches and filters`, await works(tab), `${before.length} rows`);
    }
    if (pictures) {
      await tab.reload();
      await tab.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` });
      if (colorScheme === "light") {
        await tab.setViewportSize({ width: 400, height: 800 });
        await tab.screenshot({ path: `${pictures}/${name}-narrow.png` });
        await tab.pdf({ path: `${pictures}/${name}.pdf`, preferCSSPageSize: true });
      }
    }
    await context.close();
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
