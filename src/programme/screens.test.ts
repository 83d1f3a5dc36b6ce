/** Home, reviews, improvements and drills in a real browser, as people use them; axe-clean and without sideways scrolling. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeCheck, closeBrowser, type OpenedPage, openPage, settled } from '../../test/harness/browser.ts';
import type { TestRole } from '../../test/harness/database.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { declared, restored, type Walked } from '../../test/harness/incident.ts';
import { watchedService } from '../../test/harness/watched.ts';

let house: House;
let incident: Walked;
beforeAll(async () => {
  house = await openHouse();
  await watchedService(house, 'Card payments');
  const web = await house.signIn('responder');
  incident = await declared(web, { title: 'Order list slow', severity: 2, summary: 'The list took 20 s to open.' });
  await house.advance('20m');
  await restored(web, incident);
  await house.settle();
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

async function open(role: TestRole, path: string, options: object = {}): Promise<OpenedPage> {
  const cookie = `evenkeel=${await house.sessionToken(role)}`;
  const opened = await openPage(house.url, { ...options, signedInAs: { cookie } });
  await opened.goto(path);
  return opened;
}

/** Clean for axe, and no wider than the window. */
async function wellMade(opened: OpenedPage): Promise<void> {
  await settled(opened.page);
  expect(await axeCheck(opened.page)).toEqual([]);
  const wide = await opened.page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(wide).toBe(0);
}

describe('home', () => {
  test('shows the review that is mine, and leads to it', async () => {
    const opened = await open('responder', '/');
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: /needs? you/ }).waitFor();
    await wellMade(opened);
    await page.getByRole('link', { name: `Write: Review of ${incident.key}` }).click();
    await page.getByRole('heading', { level: 1, name: `Review of ${incident.key}` }).waitFor();
    await opened.close();
  });

  test('is calm for somebody who has nothing to do', async () => {
    const opened = await open('viewer', '/', { width: 390, colorScheme: 'dark' });
    await opened.page.getByRole('heading', { level: 1, name: 'Nothing needs you' }).waitFor();
    await opened.page.getByText('1 service, all quiet.').waitFor();
    await wellMade(opened);
    await opened.close();
  });
});

describe('a review', () => {
  test('is written beside its timeline, points at blaming words, is saved, gets an action and is finished', async () => {
    const opened = await open('responder', '/reviews');
    const { page } = opened;
    await page.getByRole('link', { name: /Order list slow/ }).click();
    const summary = page.getByLabel('Summary', { exact: true });
    await summary.waitFor();
    expect(await summary.inputValue()).toBe('The list took 20 s to open.');
    await page.getByRole('region', { name: 'The record' }).getByText('Contained').first().waitFor();
    await summary.fill('An engineer forgot the index.');
    await page.getByText('“An engineer forgot').waitFor();
    await summary.fill('The list of orders took 20 s to open for one in three buyers.');
    expect(await page.getByText('“An engineer forgot').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Trigger' }).click();
    await page.getByRole('option', { name: 'A new version of the software' }).click();
    await page.getByRole('combobox', { name: 'Add a factor' }).click();
    await page.getByRole('option', { name: 'H1 No staged rollout' }).click();
    await page.getByLabel('What shows H1').fill('It went to every depot at once.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').waitFor();

    await page.getByLabel('What would make it better').fill('Release search to one depot first');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('button', { name: /^Confirm A-/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByText('name the one person who is accountable').waitFor();
    await dialog.getByRole('combobox', { name: 'Owner' }).click();
    await page.getByRole('option', { name: 'Rui Responder' }).click();
    await dialog.getByLabel('Due on').fill('2099-01-31');
    await dialog.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'Process' }).click();
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.waitFor({ state: 'detached' });
    await wellMade(opened);

    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByRole('button', { name: 'Finish the review' }).click();
    await page.getByText('Actions open').waitFor();
    await opened.close();
  });

  test('is readable on a phone', async () => {
    const opened = await open('viewer', '/reviews?show=finished', { width: 390 });
    await opened.page.getByRole('link', { name: /Order list slow/ }).click();
    await opened.page.getByText('It went to every depot at once.').waitFor();
    await wellMade(opened);
    await opened.close();
  });
});

describe('the board of improvements', () => {
  test('is open to a viewer, who can not change it; its owner ends the loop there', async () => {
    const seen = await open('viewer', '/actions', { width: 390, colorScheme: 'dark' });
    await seen.page.getByText('Release search to one depot first').waitFor();
    expect(await seen.page.getByRole('button', { name: /^Done/ }).count()).toBe(0);
    await wellMade(seen);
    await seen.close();

    const opened = await open('responder', '/actions');
    const { page } = opened;
    await page.getByRole('button', { name: /^Done A-/ }).click();
    await page.getByLabel('What changed').fill('Search goes to one depot for half an hour first');
    await page.getByRole('button', { name: 'It is done' }).click();
    await page.getByText('Nothing is promised').waitFor();
    await opened.goto('/reviews?show=finished');
    await page.getByText('Loop closed').waitFor();
    await opened.close();
  });
});

describe('figures', () => {
  test('say that few cases say little, and show the dot', async () => {
    const opened = await open('viewer', '/figures');
    await opened.page.getByText('Few cases.').waitFor();
    await opened.page.getByRole('img', { name: /Time to recover: 1 incidents/ }).waitFor();
    await wellMade(opened);
    await opened.close();
  });
});

describe('a drill', () => {
  test('is started, seen on every page, ended and closed with a lesson', async () => {
    const opened = await open('responder', '/drills');
    const { page } = opened;
    await page.getByRole('button', { name: 'Start an exercise' }).first().click();
    await page.getByRole('combobox', { name: 'Service' }).click();
    await page.getByRole('option', { name: 'Card payments' }).click();
    await page.getByRole('button', { name: 'Start now' }).click();
    await page.getByRole('heading', { level: 1, name: /^EX-\d+ Card payments slow/ }).waitFor();
    await house.settle();
    await page.getByText('+0 min').first().waitFor();
    await wellMade(opened);

    await opened.goto('/');
    await page.getByRole('complementary', { name: 'Running exercises' }).waitFor();
    await page.getByRole('button', { name: /^Acknowledge/ }).waitFor();
    await page
      .getByRole('link', { name: /^EX-\d+ Card payments slow/ })
      .first()
      .click();

    await page.getByRole('button', { name: 'End exercise' }).click();
    await page.getByRole('button', { name: 'End the exercise' }).click();
    await page.getByRole('heading', { name: 'Lessons' }).waitFor();
    await house.settle();
    await page.getByText('Change this').click();
    await page.getByLabel(/What should change/).fill('Put the phone number of the provider into the playbook');
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    await page.getByText('Put the phone number of the provider into the playbook').waitFor();
    await page.getByRole('button', { name: 'Close the exercise' }).click();
    await page.getByText('Closed', { exact: true }).waitFor();
    await opened.close();
  });
});
