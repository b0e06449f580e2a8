// Opens a report in Chromium, as a reader would, and says what it found as one line of JSON.
//
// Usage: node open.mjs REPORT.html [--dark] [--no-js] [--axe] [--shot PNG]   (axe looks at every element: not for large pages)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report, ...options] = process.argv.slice(2);
const has = name => options.includes(name);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.POSTPROOF_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    colorScheme: has('--dark') ? 'dark' : 'light',
    javaScriptEnabled: !has('--no-js'),
  });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on('console', message => { if (message.type() === 'error' || message.type() === 'warning') said.push(message.text()); });
  page.on('pageerror', error => said.push(String(error)));
  page.on('request', request => { if (!request.url().startsWith('file:')) asked.push(request.url()); });
  const started = performance.now();
  await page.goto(pathToFileURL(report).href, { waitUntil: 'load' });
  const found = { load_ms: Math.round(performance.now() - started), title: await page.title(), said, asked };
  if (has('--shot')) await page.screenshot({ path: options[options.indexOf('--shot') + 1], fullPage: true });
  if (!has('--no-js')) {
    const count = () => page.locator('[data-outcome]:not([hidden])').count();
    found.all = await count();
    await page.getByLabel('failed', { exact: true }).check();
    await page.waitForTimeout(400);
    found.failed = await count();
    await page.getByLabel('all', { exact: true }).check();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('no execution says this');
    await page.waitForTimeout(400);
    found.searched = await count();
    await page.getByRole('searchbox').fill('');
    await page.waitForTimeout(400);
    const first = page.locator('details.x[data-outcome] > summary').first();
    if (await first.count()) {
      await first.focus();
      await page.keyboard.press('Enter');
      found.opened = await page.locator('details.x[data-outcome][open]').count();
    }
    if (has('--axe')) {
    // The policy of the page forbids scripts of others: axe runs in a world of its own.
      const session = await context.newCDPSession(page);
      const { frameTree } = await session.send('Page.getFrameTree');
      const world = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' });
      const evaluate = expression => session.send('Runtime.evaluate', {
        expression, contextId: world.executionContextId, awaitPromise: true, returnByValue: true,
      });
      await evaluate(axe);
      const rules = await evaluate('axe.run({ resultTypes: ["violations"] }).then(found => found.violations.map(v => `${v.id}: ${v.nodes.length} × ${v.nodes[0].html}`))');
      found.violations = rules.result.value ?? [String(rules.exceptionDetails?.exception?.description)];
    }
  } else {
    found.text = (await page.locator('main').innerText()).length;
    const summary = page.locator('details.x > summary').first();
    if (await summary.count()) { await summary.click(); found.opened = await page.locator('details.x[open]').count(); }
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
