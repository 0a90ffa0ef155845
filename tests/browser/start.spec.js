// The first page, as a newcomer meets it.
import { auditBothSchemes, expect, sample, test } from './support/test.js';

test('the start page shows the sample, and axe-core finds nothing serious in light or dark', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('h1')).toContainText('卷宗');
  await expect(page.locator('main')).toContainText(sample.certificate);
  await auditBothSchemes(page);
});

test('the keyboard reaches the content past the navigation', async ({ page }) => {
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);
});
