// A list of certificates in the office: checked first, issued with its progress, one row one result.
import { auditBothSchemes, expect, signIn, test } from './support/test.js';

const HEADING = '姓名,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间';

/** A table of invented people; those without a level cannot be issued. */
function table(rows) {
  const lines = rows.map(({ name, level }) => `${name},工程技术,机械设计,工程师,${level},评审,示例市评委会,2024-08-20`);
  return { name: '名单 <b>.csv', mimeType: 'text/csv', buffer: Buffer.from([HEADING, ...lines].join('\r\n')) };
}

async function bring(page, list) {
  await page.getByLabel(/名单（CSV/).setInputFiles(list);
  await page.getByRole('button', { name: /检查名单/ }).click();
}

test('a list is checked, issued and its results kept', async ({ page }, { project }) => {
  const people = [...'甲乙丙丁'].map((name) => ({ name: `${name}示例${project.name === 'phone' ? '一' : '二'}`, level: '中级' }));
  await signIn(page, '/office/batches');
  await auditBothSchemes(page);
  await bring(page, table([...people, { name: '戊示例', level: '中等' }]));
  await expect(page.locator('main')).toContainText('尚未签发', { timeout: 30_000 });
  await expect(page.locator('main')).toContainText('4 行可以签发，1 行有误');
  await expect(page.locator('tbody')).toContainText('应为');
  await auditBothSchemes(page);
  await page.getByRole('button', { name: /签发 4 份/ }).dblclick();
  await expect(page.locator('main')).toContainText('已签发 4 份', { timeout: 30_000 });
  await expect(page.locator('progress')).toHaveJSProperty('value', 4);
  await auditBothSchemes(page);
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: /下载结果/ }).click();
  expect((await saved).suggestedFilename()).toBe('results.csv');
  // In another tab, or sent again by going back: nothing is issued twice.
  await page.goto('/office/batches');
  await expect(page.locator('tbody tr').first()).toContainText('已完成');
});

test('the table to begin with has two rows that cannot be issued', async ({ page }) => {
  await signIn(page, '/office/batches');
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: /下载表样/ }).click();
  const list = await (await saved).path();
  await bring(page, list);
  await expect(page.locator('main')).toContainText('4 行可以签发，2 行有误', { timeout: 30_000 });
});

test('what is no list is said, and nothing is issued', async ({ page, complaints }) => {
  await signIn(page, '/office/batches');
  await bring(page, { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('名字,系列\n甲,乙\n') });
  await expect(page.getByRole('alert')).toContainText('表头');
  await auditBothSchemes(page);
  complaints.length = 0; // the 400 of the list
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the page follows the work by itself', async ({ page }, { project }) => {
    await signIn(page, '/office/batches');
    await bring(page, table([{ name: `己示例${project.name === 'phone' ? '一' : '二'}`, level: '中级' }]));
    await expect(page.getByRole('button', { name: /签发 1 份/ })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: /签发 1 份/ }).click();
    await expect(page.locator('main')).toContainText('已签发 1 份', { timeout: 30_000 });
  });
});
