import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

export interface View {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

/** Desktop and phone, light and dark. */
export const VIEWS = Object.entries(SIZES).flatMap(([name, size]) =>
  (['light', 'dark'] as const).map((scheme): [name: string, view: View] => [
    `${name}, ${scheme}`,
    { ...size, scheme },
  ]),
);

export interface Look {
  readonly page: Page;
  /** All addresses that the page asked for, its own included. */
  readonly requests: readonly string[];
  /** What speaks against the page, in words; looks again at each call. */
  readonly problems: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Opens the document as somebody does who has downloaded it: from a file. */
export async function lookAt(browser: Browser, document: string, folder: string, view: View): Promise<Look> {
  const { width, height, scheme } = view;
  const file = join(folder, 'audit.html');
  writeFileSync(file, document);
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  // A thousand buckets on a busy machine; the test has a limit of its own.
  page.setDefaultTimeout(300_000);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(pathToFileURL(file).href);
  return {
    page,
    requests,
    problems: async () => [
      ...errors.map((text) => `console: ${text}`),
      ...(await overflow(page)),
      ...(await violations(page)),
    ],
    close: () => context.close(),
  };
}

async function overflow(page: Page): Promise<readonly string[]> {
  const [content, shown] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  return content > shown ? [`overflow: ${content} pixels wide in ${shown}`] : [];
}

/** Of all rules, those that are advice included. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return found.violations.map(
    ({ id, help, nodes }) => `axe ${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`,
  );
}
