// The verifier: by code, by link, by file; a good, an altered, a revoked and a superseded certificate; what leaves the device.
import { auditBothSchemes, expect, sample, sampleFile, test } from './support/test.js';

const answerOf = (page) => page.locator('[data-answer]').first();

for (const [name, kind, word] of [
  ['good', 'authentic', '真实有效'], ['revoked', 'revoked', '已撤销'], ['superseded', 'superseded', '真实，已被替代'],
]) {
  test(`a ${name} certificate by its code: one answer in words, colour and shape`, async ({ page }) => {
    await page.goto('/verify');
    // As a person types it: lower case, blanks for dashes, letters for digits.
    const typed = sample.certificates[name].code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    await page.getByRole('textbox', { name: /校验码/ }).fill(typed);
    await expect(page.locator('#code-count')).toContainText('校验位相符');
    await page.getByRole('button', { name: /^核验/ }).click();
    const answer = answerOf(page);
    await expect(answer).toHaveAttribute('data-answer', kind);
    await expect(answer.getByRole('heading')).toContainText(word);
    await expect(answer.locator('svg.shape')).toBeVisible();
    await expect(page.locator('main')).toContainText('**');
    await expect(page.locator('main')).toContainText('未核验');
    await expect(page).not.toHaveURL(new RegExp(sample.certificates[name].code));
    await auditBothSchemes(page);
  });
}

test('a revoked certificate says when and why, a superseded one by what', async ({ page }) => {
  await page.goto(`/v/${sample.certificates.revoked.code}`);
  await expect(page.locator('main')).toContainText('弄虚作假取得');
  await expect(page.locator('main')).toContainText('自始无效');
  await page.goto(`/v/${sample.certificates.superseded.code}`);
  await expect(page.locator('main')).toContainText('新证书编号');
});

test('a mistyped sign is told before anything is sent, and the answer is that of any unknown code', async ({ page }) => {
  await page.goto('/verify');
  const code = sample.certificates.good.code;
  await page.getByRole('textbox', { name: /校验码/ }).fill((code[0] === '7' ? '8' : '7') + code.slice(1));
  await expect(page.locator('#code-count')).toContainText('校验位不符');
  await page.getByRole('button', { name: /^核验/ }).click();
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'unknown');
  await auditBothSchemes(page);
});

test('a file is hashed here and only its hash is sent', async ({ page, request }) => {
  const file = await sampleFile(request, sample.certificates.good.number);
  const bodies = [];
  page.on('request', (sent) => { if (sent.method() === 'POST') bodies.push(sent.postData() ?? 'a body that is no text'); });
  await page.goto('/verify');
  await page.locator('#file').setInputFiles(file);
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'authentic');
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toMatch(/^sha256=[0-9a-f]{64}$/);
  await expect(page.locator('#file-said')).toContainText('文件没有发送');
  await expect(page.locator('#result')).toBeFocused();
  await expect(page.locator('#result')).not.toContainText(sample.certificates.good.number);
  await expect(page.locator('#upload')).toBeHidden();
  await auditBothSchemes(page);
});

test('an altered file is unknown by its hash, and altered once the person chooses to upload it', async ({ page, request }) => {
  await page.goto('/verify');
  await page.locator('#file').setInputFiles(await sampleFile(request, 'altered'));
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'unknown');
  await page.getByRole('button', { name: /上传这份文件/ }).click();
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'altered');
  await auditBothSchemes(page);
});

test('a dropped file is taken like a chosen one, hostile names are only text', async ({ page, request }) => {
  const { buffer } = await sampleFile(request, sample.certificates.revoked.number);
  await page.goto('/verify');
  const data = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    const name = `<img src=x onerror=alert(1)>\u202efdp.../${'长'.repeat(200)}.pdf`;
    data.items.add(new File([Uint8Array.from(bytes)], name, { type: 'application/pdf' }));
    return data;
  }, [...buffer]);
  await page.dispatchEvent('#drop', 'drop', { dataTransfer: data });
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'revoked');
  await expect(page.locator('#file-said img')).toHaveCount(0);
});

test('the proof can be kept', async ({ page }) => {
  await page.goto(`/v/${sample.certificates.good.code}`);
  await page.locator('summary').click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: /下载证明/ }).click();
  expect((await saved).suggestedFilename()).toMatch(/^certificate-proof-\d+\.json$/);
});

test('a lost connection says that nothing was sent, and the next try works', async ({ page, request, complaints }) => {
  await page.goto('/verify');
  const file = await sampleFile(request, sample.certificates.good.number);
  await page.route('**/verify', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()));
  await page.locator('#file').setInputFiles(file);
  await expect(page.locator('#file-said')).toContainText('连接中断');
  await page.unroute('**/verify');
  await page.locator('#file').setInputFiles({ ...file, name: 'again.pdf' });
  await expect(answerOf(page)).toHaveAttribute('data-answer', 'authentic');
  complaints.length = 0; // the browser itself reports the broken request
});

test.describe('the camera', () => {
  /** A browser that can read QR codes and sees this one. */
  const seeing = (page, text) => page.addInitScript((rawValue) => {
    window.BarcodeDetector = class {
      static async getSupportedFormats() { return ['qr_code']; }
      async detect() { return [{ rawValue }]; }
    };
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(5);
  }, text);

  test('where the browser cannot read QR codes it says so and what to do', async ({ page }) => {
    await page.goto('/verify');
    await expect(page.locator('#scan-cannot')).toContainText('手机相机');
    await expect(page.locator('#scan-can')).toBeHidden();
  });
  test('a QR code of ours leads to the answer', async ({ page }) => {
    await seeing(page, `${sample.url}/v/${sample.certificates.good.code}`);
    await page.goto('/verify');
    await page.getByRole('button', { name: /扫描/ }).click();
    await expect(answerOf(page)).toHaveAttribute('data-answer', 'authentic');
  });
  test('a QR code of another site is named and not followed', async ({ page }) => {
    await seeing(page, `https://office.example/v/${sample.certificates.good.code}`);
    await page.goto('/verify');
    await page.getByRole('button', { name: /扫描/ }).click();
    await expect(page.locator('#scan-said')).toContainText('office.example');
    await expect(page).toHaveURL(/\/verify$/);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the code and the file are verified by forms', async ({ page, request }) => {
    await page.goto('/verify');
    await page.getByRole('textbox', { name: /校验码/ }).fill(sample.certificates.good.code);
    await page.getByRole('button', { name: /^核验/ }).click();
    await expect(answerOf(page)).toHaveAttribute('data-answer', 'authentic');
    await page.goto('/verify');
    await expect(page.locator('#file-hint')).toContainText('不保存');
    await page.locator('#file').setInputFiles(await sampleFile(request, 'altered'));
    await page.getByRole('button', { name: /上传查验/ }).click();
    await expect(answerOf(page)).toHaveAttribute('data-answer', 'altered');
  });
});
