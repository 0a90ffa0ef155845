// The office: signing in, issuing one, looking up, superseding, revoking and reinstating, the log, who did what, signing out.
import { auditBothSchemes, expect, sample, signIn, test } from './support/test.js';

/** Fills the form of a grant for an invented person. */
async function fillGrant(page, name) {
  await page.getByLabel(/姓名/).fill(name);
  await page.getByLabel(/系列/).fill('工程技术');
  await page.getByLabel(/^专业/).fill('机械设计');
  await page.getByLabel(/资格名称/).fill('工程师');
  await page.getByLabel(/级别/).selectOption('中级');
  await page.getByLabel(/取得方式/).selectOption('评审');
  await page.getByLabel(/评审委员会/).fill('示例市工程技术评审委员会');
  await page.getByLabel(/取得时间/).fill('2024-08-20');
}

const unique = (what) => `${what}${String.fromCharCode(...[...String(Date.now())].map((digit) => 0x4e00 + Number(digit)))}`;

test('who is not signed in is asked to, and comes back to where they wanted', async ({ page, complaints }) => {
  await page.goto('/office/log');
  await expect(page).toHaveURL(/\/office\/sign-in\?next=\/office\/log$/);
  await auditBothSchemes(page);
  await page.getByLabel(/令牌/).fill('jzt_wrong_wrong');
  await page.getByRole('button', { name: /登录/ }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel(/令牌/).fill(sample.officeToken);
  await page.getByRole('button', { name: /登录/ }).click();
  await expect(page).toHaveURL(/\/office\/log$/);
  complaints.length = 0; // the 401 of the wrong token
});

test('every page of the office passes axe-core and fits its window', async ({ page }) => {
  await signIn(page);
  for (const path of ['/office', '/office/issue', '/office/certificates', `/office/certificates/${sample.certificates.good.number}`,
    `/office/certificates/${sample.certificates.revoked.number}`, `/office/certificates/${sample.certificates.good.number}/supersession`,
    '/office/log', '/office/audit']) {
    await page.goto(path);
    await auditBothSchemes(page);
  }
});

test('a certificate is checked, issued, found, superseded, revoked and reinstated', async ({ page, complaints }) => {
  const name = unique('测');
  await signIn(page, '/office/issue');
  await fillGrant(page, name);
  await page.getByLabel(/取得时间/).evaluate((field) => { field.required = false; field.value = ''; });
  await page.getByRole('button', { name: /先检查/ }).click();
  await expect(page.getByRole('alert')).toContainText('1 处需要改正');
  await expect(page.getByLabel(/姓名/)).toHaveValue(name);
  complaints.length = 0; // the 422 of the form
  await page.getByLabel(/取得时间/).fill('2024-08-20');
  await page.getByRole('button', { name: /先检查/ }).click();
  await expect(page.getByRole('alert')).toContainText('检查通过');
  // A double click issues once.
  await page.getByRole('button', { name: /^签发/ }).dblclick();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('已签发');
  await expect(page.locator('#secret')).toContainText('jzh_');
  await auditBothSchemes(page);

  await page.goto('/office/certificates');
  await page.getByLabel(/查找/).fill(name);
  await page.getByRole('button', { name: /查找/ }).click();
  await expect(page.getByRole('status').first()).toContainText('共 1 份');
  await expect(page).toHaveURL(/\/office\/certificates$/);
  await page.locator('tbody a').click();
  const number = await page.getByRole('heading', { level: 1 }).innerText();

  await page.getByText('撤销…').click();
  await page.getByLabel(/签发有误/).check();
  await page.getByLabel(/自撤销之时/).check();
  await page.getByRole('button', { name: /撤销这份/ }).click();
  await expect(page.locator('main')).toContainText('签发有误');
  await page.getByRole('button', { name: /恢复/ }).click();
  await expect(page.locator('.status').first()).toContainText('有效');

  await page.getByRole('link', { name: /换发/ }).click();
  await expect(page.getByLabel(/姓名/)).toHaveValue(name);
  await page.getByLabel(/^专业/).fill('机械制造');
  await page.getByRole('button', { name: /^签发/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('已签发');
  await page.goto(`/office/certificates/${number}`);
  await expect(page.locator('main')).toContainText('被替代为');
  await expect(page.getByRole('list').filter({ hasText: '恢复证书' })).toContainText('撤销证书');

  await page.goto('/office/audit?kind=certificate.');
  await expect(page.locator('tbody tr').first()).toContainText('签发证书');
  await expect(page.locator('tbody')).not.toContainText(name);
});

test('the register is downloaded, the log looked through', async ({ page }) => {
  await signIn(page);
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: /下载登记簿/ }).click();
  expect((await saved).suggestedFilename()).toMatch(/^register-\d{4}-\d\d-\d\d\.csv$/);
  await page.goto('/office/log');
  await expect(page.locator('pre')).toContainText('sample.invalid/certificates');
  await page.getByRole('button', { name: /核对整个日志/ }).click();
  await expect(page.getByRole('alert')).toContainText('已核对每一条');
});

test('signing out ends it in every tab', async ({ page, context }) => {
  await signIn(page);
  const other = await context.newPage();
  await other.goto('/office/certificates');
  await page.getByRole('button', { name: /退出/ }).click();
  await expect(page).toHaveURL(/sign-in/);
  await other.reload();
  await expect(other).toHaveURL(/sign-in/);
  await other.goBack();
  await expect(other.locator('tbody')).toHaveCount(0);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('one signs in, issues and looks up', async ({ page }) => {
    const name = unique('纸');
    await signIn(page, '/office/issue');
    await fillGrant(page, name);
    await page.getByRole('button', { name: /^签发/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('已签发');
    await page.goto('/office/certificates');
    await page.getByLabel(/查找/).fill(name);
    await page.getByRole('button', { name: /查找/ }).click();
    await expect(page.getByRole('status').first()).toContainText('共 1 份');
  });
});
