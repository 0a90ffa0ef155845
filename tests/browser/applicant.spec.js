// The applicant's whole story, and what goes wrong on the way.
import { readFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, expect, auditBothSchemes } from './support/test.js';

const NOTICE = 'lianyungang-gongxin-kaohe-2024';
const fixture = (path) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const paper = (name) => fixture(`sample/004/${name}`);

/** A copy of the sample of one's own: one paper missing, one refused. */
async function ownSample(page) {
  await page.goto('/');
  await page.getByRole('button', { name: '打开我的示例卷宗' }).click();
  await expect(page.locator('#progress-line')).toBeVisible();
}

test('choose a notice, check the conditions, begin, and come back with the secret link', async ({ page, context, complaints }) => {
  await page.goto('/apply');
  await auditBothSchemes(page);
  await page.locator(`a[href="/notices/${NOTICE}"]`).click();
  await expect(page.getByRole('heading', { name: /受理时间/ })).toBeVisible();
  await auditBothSchemes(page);
  await page.getByRole('link', { name: /核对申报条件/ }).click();
  await page.locator('input[name="retired"][value="yes"]').check();
  await page.getByRole('button', { name: /核对/ }).click();
  await expect(page.locator('#answer')).toContainText('不符合申报条件');
  await auditBothSchemes(page);
  await page.goto(`/notices/${NOTICE}/begin`);
  await page.getByLabel(/姓名/).fill('沈知远');
  await page.getByLabel(/工作单位/).fill('示例公司');
  await auditBothSchemes(page);
  await page.getByRole('button', { name: /建立/ }).click();
  await expect(page.locator('#progress-line')).toContainText('项中 0 项就绪');
  const link = await page.locator('#secret-link').inputValue();
  expect(page.url()).not.toContain('jzd_');
  await auditBothSchemes(page);
  // Another day: the browser has forgotten everything, the link has not.
  await context.clearCookies();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.locator('#progress-line')).toBeVisible();
  await expect(page).not.toHaveURL(/jzd_/);
  await expect(page.locator('#part-applicant')).toContainText('示例公司');
  complaints.length = 0; // the browser notes the 401 on which the link is asked for
});

test('many files at once find their places, and one without a place gets one', async ({ page }) => {
  await page.goto(`/notices/${NOTICE}/begin`);
  await page.getByLabel(/姓名/).fill('沈知远');
  await page.getByRole('button', { name: /建立/ }).click();
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-'));
  const hostile = join(folder, '<img src=x onerror=alert(1)>.pdf');
  writeFileSync(hostile, readFileSync(fixture('bad/letter-paper.pdf')));
  await page.locator('#files').setInputFiles([paper('01-真实性承诺书.pdf'), paper('05-学历证书电子注册备案表.pdf'), hostile]);
  await expect(page.locator('#slot-commitment .file')).toHaveCount(1, { timeout: 45_000 });
  await expect(page.locator('#slot-degree .file')).toHaveCount(1, { timeout: 45_000 });
  await expect(page.locator('#part-unplaced .file')).toHaveCount(1, { timeout: 45_000 });
  await expect(page.locator('#part-unplaced')).toContainText('<img src=x onerror=alert(1)>.pdf');
  await auditBothSchemes(page);
  await page.locator('#part-unplaced select').selectOption('achievements');
  await page.locator('#part-unplaced form button').first().click();
  await expect(page.locator('#slot-achievements .file')).toHaveCount(1);
  // Refused: what is wrong stands beside a picture of the page.
  await expect(page.locator('#slot-achievements .finding').first()).toBeVisible();
});

test('mend what is refused, give a reason, reorder by keyboard, bind once, download, delete', async ({ page }) => {
  test.setTimeout(150_000);
  await ownSample(page);
  await expect(page.locator('#progress-line')).toContainText('1 项需改，1 项未交');
  await auditBothSchemes(page);
  const refused = page.locator('#slot-degree .file', { has: page.locator('.finding.error') });
  await expect(refused).toHaveCount(1);
  // The file's page: each finding beside its page.
  await refused.locator('.file-name a').click();
  await expect(page.locator('.finding').first()).toBeVisible();
  const picture = page.locator('.page-beside img').first();
  if (await picture.count()) await expect.poll(() => picture.evaluate((image) => image.naturalWidth)).toBeGreaterThan(200);
  await auditBothSchemes(page);
  await page.goBack();
  await refused.locator('input[type="file"]').setInputFiles(paper('05-学历证书电子注册备案表.pdf'));
  await expect(page.locator('#slot-degree .finding.error')).toHaveCount(0, { timeout: 45_000 });
  // A reason for the slot that stays empty.
  await page.locator('#slot-awards summary').click();
  await page.locator('#reason-awards').fill('无个人获奖');
  await page.locator('#slot-awards form[data-live] button').click();
  await expect(page.locator('#slot-awards')).toContainText('没有，原因：无个人获奖');
  await expect(page.locator('#progress-line')).not.toContainText('需改');
  // Order by keyboard: the second file of the degree slot goes up, and the focus stays with the buttons.
  const names = page.locator('#slot-degree .file-name a');
  const second = await names.nth(1).innerText();
  await page.locator('#slot-degree .file').nth(1).locator('button[value="up"]').focus();
  await page.keyboard.press('Enter');
  await expect(names.first()).toHaveText(second);
  expect(await page.evaluate(() => document.activeElement?.closest('#slot-degree') !== null)).toBe(true);
  // The contents page as it will be printed.
  await expect.poll(() => page.locator('#part-contents img').first().evaluate((image) => { image.loading = 'eager'; return image.naturalWidth; })).toBeGreaterThan(500);
  // Bound once, however often one clicks.
  const posts = [];
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/binding')) posts.push(request); });
  await page.getByRole('button', { name: /装订成册/ }).dblclick();
  await expect(page.locator('#bound')).toContainText('已装订', { timeout: 60_000 });
  expect(posts).toHaveLength(1);
  const download = page.waitForEvent('download');
  await page.locator('#bound a[href$="bundle.zip"]').click();
  expect((await (await download).path())).toBeTruthy();
  // Everything goes.
  await page.getByRole('link', { name: /删除整个卷宗/ }).click();
  await auditBothSchemes(page);
  await page.getByRole('button', { name: /全部删除/ }).click();
  await expect(page.getByRole('heading', { name: /已全部删除/ })).toBeVisible();
});

test('files change their order by dragging, and stay so', async ({ page }) => {
  await ownSample(page);
  const files = page.locator('#slot-degree .file');
  const names = page.locator('#slot-degree .file-name a');
  const before = await names.allInnerTexts();
  expect(before.length).toBeGreaterThan(2);
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/order') && answer.request().method() === 'POST');
  // Neighbours, so that nothing scrolls under the pointer; onto the upper half of the first: before it.
  await files.nth(0).scrollIntoViewIfNeeded();
  const [first, second] = [await files.nth(0).boundingBox(), await files.nth(1).boundingBox()];
  await page.mouse.move(second.x + 6, second.y + second.height / 2);
  await page.mouse.down();
  await page.mouse.move(first.x + 60, first.y + first.height / 2, { steps: 6 });
  await page.mouse.move(first.x + 60, first.y + 4, { steps: 4 });
  await page.mouse.up();
  expect((await saved).status()).toBeLessThan(400);
  const wanted = [before[1], before[0], ...before.slice(2)];
  await expect(names).toHaveText(wanted);
  await page.reload();
  await expect(names).toHaveText(wanted);
});

test('bound as asked, and bound again in another way', async ({ page }) => {
  test.setTimeout(150_000);
  await ownSample(page);
  const refused = page.locator('#slot-degree .file', { has: page.locator('.finding.error') });
  await refused.locator('input[type="file"]').setInputFiles(paper('05-学历证书电子注册备案表.pdf'));
  await expect(page.locator('#slot-degree .finding.error')).toHaveCount(0, { timeout: 45_000 });
  await page.locator('#slot-awards summary').click();
  await page.locator('#reason-awards').fill('无个人获奖');
  await page.locator('#slot-awards form[data-live] button').click();
  const how = page.locator('#bound details').first();
  await how.locator('summary').first().click();
  await page.locator('#leaves').selectOption('items_on_front');
  await page.getByLabel(/不是 A4 的页缩放到 A4/).check();
  await auditBothSchemes(page);
  const pages = async () => {
    const manifest = await page.evaluate(async (address) => (await fetch(address)).json(), await page.locator('#bound a[href$="manifest.json"]').getAttribute('href'));
    return manifest.volumes.flatMap((volume) => volume.pages);
  };
  await page.getByRole('button', { name: /装订成册/ }).click();
  await expect(page.locator('#bound')).toContainText('已装订', { timeout: 60_000 });
  const asked = await pages();
  expect(asked.some((one) => one.origin === 'blank')).toBe(true);
  // What should be looked at before printing stands beside the files.
  await expect(page.locator('#bound')).toContainText('打印前请看一眼');
  await page.locator('#bound summary', { hasText: '换一种方式' }).click();
  await auditBothSchemes(page);
  await page.getByRole('button', { name: /重新装订/ }).click();
  await expect.poll(async () => (await pages()).some((one) => one.origin === 'blank'), { timeout: 60_000 }).toBe(false);
});

test('hostile names and wrong kinds of files: each says what it is, and nothing runs', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`/notices/${NOTICE}/begin`);
  await page.getByLabel(/姓名/).fill('沈知远');
  await page.getByRole('button', { name: /建立/ }).click();
  const good = readFileSync(paper('01-真实性承诺书.pdf'));
  const names = ['<script>alert(1)<\u2215script>.pdf', 'exe\u202efdp.pdf', `${'长'.repeat(200)}.pdf`, '..\\..\\etc.pdf'];
  await page.locator('#files').setInputFiles(names.map((name) => ({ name, mimeType: 'application/pdf', buffer: good })));
  await expect(page.locator('.file')).toHaveCount(names.length, { timeout: 60_000 });
  expect(await page.locator('script:not([src])').count()).toBe(0);
  const shown = await page.locator('.file').evaluateAll((files) => files.map((file) => file.dataset.name));
  for (const name of shown) {
    expect(name).not.toContain('\u202e');
    expect(name).not.toContain('..\\');
    expect([...name].length).toBeLessThanOrEqual(200);
  }
  await page.locator('#files').setInputFiles({ name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF at all') });
  await expect(page.locator('.file')).toHaveCount(names.length + 1, { timeout: 60_000 });
  await expect(page.locator('.file[data-name="说明.pdf"] .finding.error').first()).toBeVisible();
});

test('too large, and left in the middle: said at once and on coming back', async ({ page, complaints }) => {
  await ownSample(page);
  const address = page.url();
  await page.route(address, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/data-file-bytes="\d+"/, 'data-file-bytes="1000"') });
  });
  await page.reload();
  await page.locator('#files').setInputFiles(paper('01-真实性承诺书.pdf'));
  await expect(page.locator('#uploads')).toContainText('没有上传');
  await page.unroute(address);
  await page.reload();
  // The answer never comes; the window is left.
  await page.route('**/files', (route) => (route.request().method() === 'POST' ? undefined : route.continue()));
  await page.locator('#files').setInputFiles(paper('12-行业科技进步奖.pdf'));
  await expect(page.locator('#uploads')).toContainText('上传中');
  page.on('dialog', (dialog) => dialog.accept());
  await page.reload();
  await page.unroute('**/files');
  await expect(page.locator('#messages')).toContainText('1 个文件没有传完');
  await expect(page.locator('#messages')).toContainText('12-行业科技进步奖.pdf');
  complaints.length = 0;
});

test('two windows: what one does shows in the other', async ({ page, context }) => {
  await ownSample(page);
  const other = await context.newPage();
  await other.goto(page.url().split('#')[0]);
  await other.locator('#slot-awards summary').click();
  await other.locator('#reason-awards').fill('另一个窗口写的原因');
  await other.locator('#slot-awards form[data-live] button').click();
  await expect(page.locator('#slot-awards')).toContainText('另一个窗口写的原因');
});

test('a lost connection, an empty file and a dead link each say what happened', async ({ page, complaints }) => {
  await ownSample(page);
  await page.route('**/files', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.locator('#files').setInputFiles(paper('01-真实性承诺书.pdf'));
  await expect(page.locator('#uploads')).toContainText('网络中断，没有留下任何东西');
  await page.unroute('**/files');
  await page.getByRole('button', { name: /重新上传/ }).click();
  await expect(page.locator('#slot-commitment .file')).toHaveCount(2, { timeout: 45_000 });
  await page.locator('#files').setInputFiles({ name: '空.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
  await expect(page.locator('#uploads')).toContainText('空文件，没有上传');
  await page.goto('/dossiers/0000000000000000#jzd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  await expect(page.locator('.alert.bad')).toContainText('打不开任何卷宗');
  complaints.length = 0;
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });
  test('plain forms do the same', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: '打开我的示例卷宗' }).click();
    await expect(page.locator('#progress-line')).toContainText('1 项需改，1 项未交');
    await page.locator('#slot-awards input[type="file"]').setInputFiles(paper('12-行业科技进步奖.pdf'));
    await page.locator('#slot-awards form[enctype] button').click();
    await expect(page.locator('#slot-awards .file')).toHaveCount(1);
    const refused = page.locator('#slot-degree .file', { has: page.locator('.finding.error') });
    await refused.locator('input[type="file"]').setInputFiles(paper('05-学历证书电子注册备案表.pdf'));
    await refused.locator('form[enctype] button').click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('备案表');
    await page.locator('.crumbs a').first().click();
    await page.locator('#slot-degree button[value="down"]').first().click();
    await page.getByRole('button', { name: /装订成册/ }).click();
    await expect(page.locator('#bound')).toContainText('已装订', { timeout: 60_000 });
  });
});

test('the first page is light and quick', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' });
  const bytes = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.transferSize, 0));
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThanOrEqual(100_000);
});

