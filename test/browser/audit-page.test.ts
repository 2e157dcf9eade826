import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { htmlPage } from '../../src/command/audit/render/html.js';
import { cleanReport, emptyReport, fullReport, largeReport } from '../support/audit-page/reports.js';
import { chromiumPath, launch } from '../support/browser/chromium.js';
import { type Look, lookAt, type View, VIEWS } from '../support/browser/look-at.js';

// A loaded machine's browser takes its time.
jest.setTimeout(600_000);

const DESKTOP: View = { width: 1280, height: 900, scheme: 'light' };

let browser: Browser;
let folder: string;
let look: Look | undefined;
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'audit-page-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await look?.close();
  look = undefined;
});

async function open(document: string, view: View = DESKTOP): Promise<Look> {
  look = await lookAt(browser, document, folder, view);
  return look;
}

const UNFOLD = 'for (const details of document.querySelectorAll("details")) details.open = true';

describe.each(VIEWS)('The page at %s', (_name, view) => {
  it.each([
    ['all that it can show', fullReport],
    ['nothing found', cleanReport],
    ['no bucket', emptyReport],
  ])('has no overflow, no error and no accessibility violation with %s', async (_what, report) => {
    const { problems } = await open(htmlPage(report()), view);
    expect(await problems()).toEqual([]);
  });

  it('neither with a thousand buckets', async () => {
    const { page, problems } = await open(htmlPage(largeReport()), view);
    // Folded parts are no part of what axe judges, and cost it minutes.
    await page.evaluate(
      'for (const part of document.querySelectorAll("details > ul")) part.replaceChildren()',
    );
    expect(await problems()).toEqual([]);
  });

  it('neither with everything unfolded', async () => {
    const { page, problems } = await open(htmlPage(fullReport()), view);
    await page.evaluate(UNFOLD);
    expect(await problems()).toEqual([]);
  });

  it('follows the scheme of the reader', async () => {
    const { page } = await open(htmlPage(cleanReport()), view);
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe(view.scheme === 'dark' ? 'rgb(20, 24, 29)' : 'rgb(255, 255, 255)');
  });

  it.each([
    ['an overflow', `<pre>${'x'.repeat(400)}</pre>`, /^overflow: /],
    ['a request elsewhere', '<img alt="" src="https://example.invalid/x.png">', /^console: /],
    ['a script', '<script>document.title = "run"</script>', /^console: /],
    ['a picture without a text', '<img>', /^axe image-alt: /],
    [
      'text that is hard to read',
      `<p><font color="${view.scheme === 'dark' ? '#333' : '#ddd'}">pale</font></p>`,
      /^axe color-contrast: /,
    ],
  ])('would not pass with %s', async (_what, planted, words) => {
    const { problems } = await open(htmlPage(cleanReport()).replace('</main>', `${planted}</main>`), view);
    expect((await problems()).some((problem) => words.test(problem))).toBe(true);
  });
});

describe('The page', () => {
  it('asks for nothing but itself, and runs nothing that a state holds', async () => {
    const { page, requests } = await open(htmlPage(fullReport()));
    expect(requests).toHaveLength(1);
    expect(await page.locator('script, img, iframe, link, object, embed, form').count()).toBe(0);
    expect(await page.locator('body').innerText()).toContain('<script>alert(1)</script>');
  });

  it('shows findings before keys, and of a thousand buckets no more than one can read', async () => {
    const { page } = await open(htmlPage(largeReport()));
    const headings = await page.locator('h2').allInnerTexts();
    expect(headings).toEqual(['Summary', 'Undetermined', 'Findings', 'Keys', 'Scope']);
    expect(await page.locator('.findings > li:visible').count()).toBeLessThanOrEqual(10 * 8);
    expect(await page.locator('.buckets > li:visible').count()).toBe(20);
    expect(await page.locator('.buckets > li').count()).toBeGreaterThan(900);
  });

  it('leads from a finding to the timeline of its bucket, folded or not', async () => {
    const { page } = await open(htmlPage(largeReport()));
    const link = page.getByRole('link', { name: /^Timeline of / }).last();
    const target = (await link.getAttribute('href')) ?? '';
    for (const fold of await page.locator('section[aria-labelledby=findings] details').all()) {
      await fold.locator('summary').click();
    }
    await link.click();
    await page.locator(target).waitFor({ state: 'visible' });
    expect(await page.locator(target).isVisible()).toBe(true);
  });

  it('prints what is folded on screen', async () => {
    const { page } = await open(htmlPage(largeReport()));
    const last = page.locator('.buckets > li').last();
    expect(await last.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await last.isVisible()).toBe(true);
  });

  it('tells in words what its drawings show, by landmarks and headings', async () => {
    const { page } = await open(htmlPage(fullReport()));
    await expect(page.getByRole('main').count()).resolves.toBe(1);
    await expect(page.getByRole('region', { name: 'Findings' }).count()).resolves.toBe(1);
    const bucket = page.locator('.buckets > li', { hasText: 'AKIAEXPIRED000000OLD' });
    expect(await bucket.getByRole('heading').innerText()).toBe('media us-east-1');
    const [old] = await bucket.locator('.facts').allInnerTexts();
    expect(old?.replace(/\s+/g, ' ')).toContain(
      'Made 2026-02-20, 130 days old Last used 2026-05-01, 60 days before, by s3 in us-east-1 Overlap from 2026-06-10 12:00 UTC until 2026-06-17 12:00 UTC',
    );
  });
});

test('Without a Chromium the tests say what to install', () => {
  expect(() => chromiumPath({ PATH: folder })).toThrow(
    /There is no Chromium on PATH.*apt-get install chromium/,
  );
  expect(() => chromiumPath({ CHROMIUM: join(folder, 'none') })).toThrow(/There is no Chromium at /);
});
