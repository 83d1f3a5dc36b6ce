/** The console's frame in a real browser: first run, signing in, finding one's way, light and dark, losing the line. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent, emit } from '#kernel';
import { renewSetupToken } from '#security';
import { axeCheck, closeBrowser, openPage, type OpenedPage, settled } from '../harness/browser.ts';
import { type House, openHouse } from '../harness/house.ts';

const ana = { name: 'Ana Anker', email: 'ana@orchardline.example', password: 'quiet harbour lantern' };
const somethingHappened = defineEvent('browser.something', z.object({}), { unheard: 'for this test only' });
let house: House;

beforeAll(async () => {
  house = await openHouse();
  await house.core.db.deleteFrom('security.users').execute();
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const overflow = ({ page }: OpenedPage) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

async function expectSound(opened: OpenedPage): Promise<void> {
  await settled(opened.page);
  expect(await axeCheck(opened.page)).toEqual([]);
  expect(await overflow(opened)).toBeLessThanOrEqual(0);
}

async function signIn(opened: OpenedPage, path = '/sign-in'): Promise<void> {
  await opened.goto(path);
  await opened.page.getByLabel('E-mail').fill(ana.email);
  await opened.page.getByRole('textbox', { name: 'Password' }).fill(ana.password);
  await opened.page.getByRole('button', { name: 'Sign in' }).click();
  await opened.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await settled(opened.page);
}

describe('the first run', () => {
  test('makes the first administrator through the printed link, on a phone, and goes in', async () => {
    const token = await renewSetupToken(house.core);
    const opened = await openPage(house, { width: 390, path: `/setup?token=${token}` });
    const { page } = opened;
    await expectSound(opened);
    await page.getByLabel('Your name').fill(ana.name);
    await page.getByLabel('E-mail').fill(ana.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('short');
    await page.getByRole('button', { name: /Make administrator/ }).click();
    await page.getByText('At least 10 characters', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(ana.password);
    await page.getByRole('button', { name: /Make administrator/ }).click();
    await page.getByRole('button', { name: `Your menu, ${ana.name}` }).waitFor();
    expect(await opened.page.evaluate('document.cookie')).toBe(''); // the session cookie is out of scripts' reach
    await opened.close();
  });

  test('says so when there already is an administrator, or when the link is not whole', async () => {
    const opened = await openPage(house, { path: '/setup?token=anything' });
    await opened.page.getByText('This installation is already set up').waitFor();
    await opened.goto('/join');
    await opened.page.getByText('This page needs your invitation link.').waitFor();
    await expectSound(opened);
    await opened.close();
  });
});

describe('signing in', () => {
  test('a stranger is sent to the sign-in page and, once in, on to where they wanted to go', async () => {
    const opened = await openPage(house, { path: '/settings/audit' });
    const { page } = opened;
    await page.waitForURL(/\/sign-in\?next=/);
    await expectSound(opened);
    await page.getByLabel('E-mail').fill(ana.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('E-mail or password is not right').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(ana.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings\/audit$/);
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    await opened.close();
  });

  test('never leads to another host', async () => {
    const opened = await openPage(house);
    await signIn(opened, '/sign-in?next=//evil.example/');
    expect(new URL(opened.page.url()).host).toBe(new URL(house.url).host);
    await opened.close();
  });

  test('a session that ends asks again in place and keeps what was typed', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await opened.goto('/profile');
    await page.getByLabel('Name', { exact: true }).fill('Ana Anker-Lind');
    await house.core.db
      .updateTable('security.sessions')
      .set({ revokedAt: new Date(0) })
      .execute();
    const dialog = page.getByRole('dialog');
    // Whichever notices first: the press, or the live stream of the page, whose dialog then covers the button.
    const press = page.getByRole('button', { name: 'Save profile' }).click();
    await Promise.any([press, dialog.waitFor()]);
    await dialog.getByText('Your session has ended').waitFor();
    await dialog.getByRole('textbox', { name: 'Password' }).fill(ana.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Ana Anker-Lind');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile saved').waitFor();
    await opened.close();
  });
});

describe('finding one’s way', () => {
  test('the keyboard reaches the content, the finder and the help', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await opened.goto('/profile');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a page, an incident, an action').fill('audit');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    await page.locator('h1:focus').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Keyboard shortcuts').waitFor();
    await page.keyboard.press('Escape');
    await opened.close();
  });

  test('every place of the navigation and of settings can be opened by its address', async () => {
    const opened = await openPage(house);
    await signIn(opened);
    await opened.goto('/settings/people');
    const hrefs = await opened.page
      .locator('nav a[href^="/"]')
      .evaluateAll((links) => links.map((link) => String(link)));
    expect(hrefs.length).toBeGreaterThan(10);
    for (const href of new Set(hrefs)) {
      const answer = await fetch(href);
      expect(`${href} ${answer.status} ${answer.headers.get('content-type')}`).toBe(
        `${href} 200 text/html; charset=utf-8`,
      );
    }
    await opened.close();
  });

  test('an address that leads nowhere says so and offers ways on', async () => {
    const opened = await openPage(house);
    await signIn(opened);
    await opened.goto('/no/such/page');
    await opened.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await expectSound(opened);
    await opened.close();
  });

  test('dark stays dark over a reload, from the first paint', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await page.getByRole('button', { name: /^Your menu/ }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    const scheme = () => page.evaluate('document.documentElement.dataset.mantineColorScheme');
    expect(await scheme()).toBe('dark');
    await page.route('**/assets/index-*.js', (route) => route.abort()); // what is there before the app runs
    await page.reload({ waitUntil: 'domcontentloaded' });
    expect(await scheme()).toBe('dark');
    opened.errors.length = 0;
    await opened.close();
  });

  test('a broken line is said calmly, with the time of the data, and goes away', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    let broken = true;
    await page.route('**/api/v1/stream', (route) => (broken ? route.abort() : route.continue()));
    await signIn(opened);
    await page.getByText('Reconnecting…').waitFor({ timeout: 15_000 });
    await expectSound(opened);
    broken = false;
    await page.getByText('Reconnecting…').waitFor({ state: 'detached', timeout: 20_000 });
    opened.errors.length = 0; // Chromium reports each failed attempt
    await opened.close();
  });
});

describe('settings', () => {
  test('a person is invited by a link that works once', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await opened.goto('/settings/people');
    await page.getByRole('button', { name: 'Invite a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Bo Bolt');
    await page.getByLabel('E-mail').fill('ana@orchardline');
    await page.getByRole('button', { name: 'Make invitation' }).click();
    await page.getByText('not an e-mail address').waitFor();
    await page.getByLabel('E-mail').fill('bo@orchardline.example');
    await page.getByRole('button', { name: 'Make invitation' }).click();
    const link = await page.getByRole('region', { name: 'Invitation link' }).innerText();
    expect(await axeCheck(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Invited').waitFor();

    const guest = await openPage(house, { path: new URL(link).pathname + new URL(link).search, width: 390 });
    await guest.page.getByLabel('Your name').fill('Bo Bolt');
    await guest.page.getByRole('textbox', { name: 'Password' }).fill('another long password');
    await expectSound(guest);
    await guest.page.getByRole('button', { name: 'Join' }).click();
    await guest.page.getByRole('button', { name: 'Your menu, Bo Bolt' }).waitFor();
    await guest.goto(new URL(link).pathname + new URL(link).search);
    await guest.page.getByLabel('Your name').fill('Somebody Else');
    await guest.page.getByRole('textbox', { name: 'Password' }).fill('another long password');
    await guest.page.getByRole('button', { name: 'Join' }).click();
    await guest.page.getByRole('alert').waitFor();
    await guest.close();
    await opened.close();
  });

  test('a token is shown once and revoked with its consequences named', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await opened.goto('/settings/tokens');
    await page.getByRole('button', { name: 'Make a token' }).first().click();
    await page.getByLabel('What is it for?').fill('Deploy pipeline');
    await page.getByRole('button', { name: 'Make token' }).click();
    const secret = await page.getByRole('region', { name: 'Token', exact: true }).innerText();
    await page.getByRole('button', { name: 'I have copied it' }).click();
    const asTool = () => fetch(`${house.url}/api/v1/me`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await asTool()).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Whatever uses this token is refused from now on.').waitFor();
    await page.getByRole('button', { name: 'Revoke token' }).click();
    await page.getByText('No tokens').waitFor();
    expect((await asTool()).status).toBe(401);
    await opened.close();
  });

  test('the audit log lists what was done and proves that nothing was altered', async () => {
    const opened = await openPage(house);
    const { page } = opened;
    await signIn(opened);
    await opened.goto('/settings/audit?action=security.inviteUser');
    await page.getByRole('row', { name: /security\.inviteUser.*Ana/ }).waitFor();
    expect(await page.getByRole('row', { name: /security\.setup/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Verify chain' }).click();
    await page.getByText('Unbroken.').waitFor();
    await opened.close();
  });

  const pages = ['people', 'tokens', 'sessions', 'audit', 'installation'];
  const looks = [
    { width: 390, colorScheme: 'light' },
    { width: 1440, colorScheme: 'dark' },
  ] as const;
  for (const look of looks) {
    test(
      `every page of settings is sound for axe at ${look.width} px, ${look.colorScheme}`,
      { timeout: 60_000 },
      async () => {
        const opened = await openPage(house, look);
        await signIn(opened);
        for (const name of pages) {
          await opened.goto(`/settings/${name}`);
          await expectSound(opened);
        }
        await opened.close();
      },
    );
  }
});

describe('living data', () => {
  test('two tabs share one stream, and both hear of a change', async () => {
    const opened = await openPage(house);
    await signIn(opened);
    let streams = 0;
    opened.page.context().on('request', (request) => {
      if (request.url().endsWith('/api/v1/stream')) streams++;
    });
    const other = await opened.page.context().newPage();
    for (const page of [opened.page, other]) {
      await page.goto('/settings/people');
      await page.getByText('Bo Bolt').waitFor();
    }
    await house.core.db
      .updateTable('security.users')
      .set({ name: 'Bo Bolt-Lind' })
      .where('name', '=', 'Bo Bolt')
      .execute();
    const ctx = await house.ctx('system');
    await emit(ctx, somethingHappened, {}, { subject: 'test' });
    for (const page of [opened.page, other]) await page.getByText('Bo Bolt-Lind').waitFor();
    expect(streams).toBe(1);
    await opened.page.close(); // whoever led is gone: the other takes over
    await house.core.db
      .updateTable('security.users')
      .set({ name: 'Bo Bolt' })
      .where('name', '=', 'Bo Bolt-Lind')
      .execute();
    await expect.poll(() => streams).toBe(2);
    await other.getByText('Bo Bolt-Lind').waitFor({ state: 'detached' });
    await opened.close();
  });
});
