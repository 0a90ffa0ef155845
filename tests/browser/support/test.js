// `test` for the specs: each page is watched, and a test fails when the page said anything to the console, threw,
// asked a stranger, or was refused by its own content policy. `audit(page)` asks axe-core.
import { test as base, expect } from '@playwright/test';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The sample the server was started with. */
export const sample = {
  get url() { return process.env.JUANZONG_URL; },
  get token() { return process.env.JUANZONG_TOKEN; },
  get dossier() { return process.env.JUANZONG_DOSSIER; },
  get dossierSecret() { return process.env.JUANZONG_DOSSIER_SECRET; },
  get certificate() { return process.env.JUANZONG_CERTIFICATE; },
  get code() { return process.env.JUANZONG_CODE; },
  get holderSecret() { return process.env.JUANZONG_HOLDER_SECRET; },
  get officeToken() { return process.env.JUANZONG_OFFICE_TOKEN; },
  /** One in force, one revoked, one superseded: `{number, code}` each. */
  get certificates() {
    const [good, revoked, superseded] = JSON.parse(process.env.JUANZONG_CERTIFICATES.slice(1, -1));
    return { good, revoked, superseded };
  },
};

export const test = base.extend({
  baseURL: async ({}, use) => { await use(sample.url); },
  /** Complaints of this test's pages; a spec that provokes one takes it out with `complaints.length = 0`. */
  complaints: async ({}, use) => { await use([]); },
  context: async ({ context, complaints }, use) => {
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    context.on('weberror', (error) => complaints.push(`thrown: ${error.error()}`));
    context.on('request', (request) => {
      const address = request.url();
      if (!address.startsWith(sample.url) && !/^(data|blob):/.test(address)) complaints.push(`asked a stranger: ${address}`);
    });
    await use(context);
    expect(complaints, 'the console stays empty').toEqual([]);
  },
});

export { expect };

/** What axe-core finds that is serious or critical: expected to be nothing. */
export async function audit(page, where = page.url()) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
  });
  expect(found, `axe-core, ${where}`).toEqual([]);
}

/** The file of a certificate of the sample, or of one that was saved again (`altered`). */
export async function sampleFile(request, name) {
  const response = await request.get(`/verify/samples/${name}.pdf`);
  expect(response.status()).toBe(200);
  return { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: await response.body() };
}

/** Signs in to the office's pages. */
export async function signIn(page, next = '/office') {
  await page.goto(next);
  await page.getByLabel(/令牌/).fill(sample.officeToken);
  await page.getByRole('button', { name: /登录/ }).click();
  await expect(page).toHaveURL(new RegExp(`${next}$`));
}

/** The page is no wider than its window: nobody has to scroll sideways. */
export async function fits(page) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide, 'width of the page').toBeLessThanOrEqual(window);
}

/** Looked at in light and dark: both pass axe-core, neither scrolls sideways. */
export async function auditBothSchemes(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await audit(page, `${page.url()} ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await fits(page);
}
