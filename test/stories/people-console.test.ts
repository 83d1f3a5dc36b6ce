/** The screens of people in a real browser: a page is taken by one button, by the mail's link without JavaScript, and a method is proven. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingByKey, writeSetting } from '#kernel';
import { startPage } from '#people';
import { openCarrier } from '../fakes/carrier.ts';
import { axeCheck, closeBrowser, type OpenedPage, openPage } from '../harness/browser.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const as = async (role: 'responder' | 'manager' | 'viewer' | 'admin') => ({
  cookie: `evenkeel=${await house.sessionToken(role)}`,
});
/** Calls the responder for something; returns the page's id. */
async function call(title: string): Promise<string> {
  const ctx = await house.ctx('system');
  const userId = await house.userId('responder');
  const subject = { kind: 'watch', id: title };
  const { pageId } = await startPage(ctx, {
    subject,
    title,
    body: 'error rate 12 %',
    urgency: 'high',
    userId,
    link: '/pages',
  });
  await house.settle();
  return pageId;
}
const stateOf = async (pageId: string) => (await (await house.signIn('viewer')).get(`/api/v1/pages/${pageId}`)).body;

describe('in the console', () => {
  test('a page is taken with the one obvious button, and its log says who was called and why', async () => {
    const pageId = await call('Orders are failing');
    const { page, close } = await openPage(house.url, { signedInAs: await as('responder'), path: '/pages' });
    await page.getByRole('button', { name: 'Take this page' }).click();
    await page.getByText('You have this page').waitFor();
    await page.getByRole('link', { name: 'Orders are failing' }).click();
    await page.getByText('Rui Responder is called: named in the policy').waitFor();
    await page.getByText('Rui Responder has taken the page (console)').waitFor();
    expect(await stateOf(pageId)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: 'Rui Responder' } });
    await close();
  });

  test('a rota and a policy are made by hand, and the policy reads as a ladder', async () => {
    const { page, goto, close } = await openPage(house.url, { signedInAs: await as('manager'), path: '/on-call' });
    page.setDefaultTimeout(8000);
    await page.getByRole('link', { name: 'Make a schedule' }).first().click();
    await page.getByLabel('Name').fill('First line');
    await page.getByPlaceholder('Add a person').click();
    await page.getByRole('option', { name: /Rui Responder/ }).click();
    await page.getByRole('button', { name: 'Make schedule' }).click();
    await page.getByText(/No confirmed contact method: Rui Responder/).waitFor();
    await page.getByLabel('I know. Save it all the same').check();
    await page.getByRole('button', { name: 'Make schedule' }).click();
    await page.getByRole('heading', { name: 'First line' }).waitFor();
    await page.getByRole('list', { name: 'On call' }).waitFor();
    await goto('/on-call');
    await page.getByRole('list', { name: 'First line, the next two weeks' }).waitFor();
    await goto('/escalation');
    await page.getByRole('button', { name: 'Make a policy' }).first().click();
    await page.getByLabel('Name').fill('Ordering');
    await page.getByPlaceholder('Schedules, people, teams, roles, rooms or webhooks').click();
    await page.getByRole('option', { name: 'First line' }).click();
    await page.getByLabel('Begin again … times').fill('2');
    await page.getByRole('button', { name: 'Make policy' }).click();
    await page.getByText(/Begin again, 2 times/).waitFor();
    const step = page.getByRole('listitem').filter({ hasText: 'Call First line' });
    // Who is on call now comes a moment after the step.
    await expect
      .poll(() => step.textContent(), { timeout: 20_000 })
      .toBe('at once1Call First linenow Rui Responder · 5 min to answer');
    await page.getByRole('button', { name: 'Edit Ordering' }).click();
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('combobox', { name: 'Step 2: call' }).click();
    for (const name of [/^Mina Manager/, /^Ada Admin/]) await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
    await page.getByText('One, in turn').click();
    await page.getByRole('button', { name: 'Add a condition to step 2' }).click();
    await page.getByText('P1', { exact: true }).click();
    await page.getByRole('button', { name: 'Only at some hours' }).click();
    await page.getByText('waits for the hours').click();
    await page.getByRole('switch', { name: /Ask again when nothing is heard/ }).click();
    await page.mouse.move(0, 0);
    expect(await axeCheck(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save policy' }).click();
    await page.getByText(/Call in turn one of/).waitFor();
    await page.getByText('Only P1').waitFor();
    await page.getByText(/Mon–Fri 09:00–17:00 \(.*\), a page waits for it/).waitFor();
    await page.getByText(/Asks again when nothing was heard for 30 min/).waitFor();
    await close();
  });

  test('on a phone a page is put off, given to somebody, and one sees who would have been next; keys do the same', async () => {
    const pageId = await call('Orders are stuck');
    const path = `/pages/${pageId}`;
    const phone = await openPage(house.url, { signedInAs: await as('responder'), path, width: 390, height: 844 });
    phone.page.setDefaultTimeout(8000);
    await phone.page.getByText('Called so far: Rui Responder.').waitFor();
    await phone.page.getByRole('heading', { name: 'Who is next' }).waitFor();
    expect(await axeCheck(phone.page)).toEqual([]);
    await phone.page.getByRole('button', { name: 'Take this page' }).click();
    await phone.page.getByRole('heading', { name: 'Who would have been next' }).waitFor();
    await phone.page.getByRole('list', { name: 'Who would have been next' }).getByText('Ada Admin').waitFor();
    await phone.page.getByRole('button', { name: 'Put off' }).click();
    await phone.page.getByRole('menuitem', { name: 'For 1 h' }).click();
    await phone.page.getByText(/It is put off and asks again/).waitFor();
    expect(await axeCheck(phone.page)).toEqual([]);
    await phone.close();
    const { page, close } = await openPage(house.url, { signedInAs: await as('responder'), path });
    page.setDefaultTimeout(8000);
    await page.getByText(/It is put off and asks again/).waitFor();
    await page.keyboard.press('s');
    await page.getByRole('menuitem', { name: /Not at all/ }).click();
    await page.getByText('You have this page.', { exact: true }).waitFor();
    await page.keyboard.press('g');
    await page.getByRole('dialog').getByPlaceholder('Choose a person').click();
    await page.getByRole('option', { name: /Mina Manager/ }).click();
    await page.getByRole('button', { name: 'Give it to them' }).click();
    await page.getByText('Rui Responder has given it to Mina Manager').waitFor();
    expect(await stateOf(pageId)).toMatchObject({ state: 'paging', assignee: { name: 'Mina Manager' } });
    await page.keyboard.press('h');
    await page.getByRole('dialog').getByLabel('Whom').first().click();
    await page.getByRole('option', { name: /Ada Admin/ }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ask them' }).click();
    await page.getByRole('heading', { name: 'Also asked about this' }).waitFor();
    await close();
  });

  test('a schedule of two layers is made, a shift is offered, accepted on a phone, and seen in the result', async () => {
    const made = await openPage(house.url, { signedInAs: await as('manager'), path: '/on-call/new' });
    const { page } = made;
    page.setDefaultTimeout(8000);
    await page.getByLabel('Name').fill('Second line');
    const add = async (list: string, name: RegExp) => {
      await page
        .getByRole('combobox', { name: `Add to ${list}` })
        .or(page.getByLabel(`Add to ${list}`))
        .first()
        .click();
      await page.getByRole('option', { name }).click();
    };
    await add('people in turn', /Rui Responder/);
    await page.getByRole('button', { name: 'Add a layer underneath' }).click();
    await page.getByLabel('Layer name').first().fill('Office');
    await page.getByLabel('Layer name').last().fill('Base');
    await page.getByRole('button', { name: 'Hours of the day' }).first().click();
    await add('people in turn, base', /Mina Manager/);
    await page.getByLabel('Timeline of the draft').waitFor();
    await page.getByRole('button', { name: 'Make schedule' }).click();
    await page.getByLabel('I know. Save it all the same').check();
    await page.getByRole('button', { name: 'Make schedule' }).click();
    await page.getByRole('heading', { name: 'Second line', level: 1 }).waitFor();
    await page.getByRole('list', { name: 'Office' }).getByRole('listitem').nth(2).waitFor();
    const path = new URL(page.url()).pathname;
    await made.close();

    const asked = await openPage(house.url, { signedInAs: await as('manager'), path });
    asked.page.setDefaultTimeout(8000);
    await asked.page.getByRole('button', { name: 'Offer my shift' }).click();
    await asked.page.getByLabel('Whom do you ask').first().click();
    await asked.page.getByRole('option', { name: /Rui Responder/ }).click();
    await asked.page.getByRole('dialog').getByRole('button', { name: 'Ask' }).click();
    await asked.page.getByText('You ask Rui Responder to take Second line').waitFor();
    await asked.close();

    const phone = await openPage(house.url, { signedInAs: await as('responder'), path, width: 390, height: 844 });
    phone.page.setDefaultTimeout(8000);
    await phone.page.getByRole('button', { name: 'Accept' }).click();
    await phone.page.getByText('Rui Responder takes over from Mina Manager').waitFor();
    // A finger rests on nothing; the pointer of this browser would keep a tooltip open.
    await phone.page.mouse.move(0, 0);
    await phone.page.getByRole('tooltip').waitFor({ state: 'detached' });
    expect(await axeCheck(phone.page)).toEqual([]);
    await phone.close();
  });

  test('a contact method is proven with the code from the mail', async () => {
    const { page, close } = await openPage(house.url, { signedInAs: await as('viewer'), path: '/settings/contact' });
    await page.getByText('Nothing here is confirmed.').waitFor();
    await page.getByRole('button', { name: 'Confirm viewer@orchardline.example' }).click();
    await page.getByRole('dialog').waitFor();
    await house.settle();
    const mail = house.smtp.messages.findLast((message) => message.subject === 'Your Evenkeel code');
    await page.getByRole('dialog').getByRole('textbox').first().focus();
    await page.keyboard.type(/\b\d{8}\b/.exec(mail?.text ?? '')?.[0] ?? '');
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('viewer@orchardline.example is confirmed').waitFor();
    await close();
  });

  test('a phone number is added, confirmed with the code of its SMS, tested, and used when its owner says', async () => {
    const carrier = await openCarrier(async () => (await house.ctx('system')).now);
    await writeSetting(await house.ctx('system'), settingByKey('channels.twilio')!, carrier.twilio);
    const opened = await openPage(house.url, { signedInAs: await as('manager'), path: '/settings/contact' });
    const { page } = opened;
    page.setDefaultTimeout(8000);
    await page.getByRole('button', { name: 'Add a method' }).click();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'SMS', exact: true }).click();
    await page.getByLabel('Phone number').fill('+49 151 10000999');
    await page.getByRole('button', { name: 'Add and send a code' }).click();
    await page.getByText('Type the eight digits').waitFor();
    await house.settle();
    await page.getByRole('dialog').getByRole('textbox').first().focus();
    await page.keyboard.type(/\b\d{8}\b/.exec(carrier.last('sms', '+4915110000999')?.text ?? '')?.[0] ?? '');
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('+4915110000999 is confirmed').waitFor();
    await page.getByRole('button', { name: 'Send a test to +4915110000999' }).click();
    await page.getByRole('button', { name: 'Send a test to +4915110000999' }).isEnabled();
    await expect
      .poll(async () => (await house.settle(), carrier.last('sms', '+4915110000999')?.text))
      .toContain('Test page');
    await carrier.receipt(carrier.last('sms', '+4915110000999')!, 'delivered');
    await page.getByRole('status').filter({ hasText: 'Delivered' }).waitFor();
    await page.getByLabel('Urgent to +4915110000999').selectOption('after 3 min');
    await page.getByText('Saved').waitFor();
    expect(await axeCheck(page)).toEqual([]);
    await opened.close();
    const admin = await openPage(house.url, { signedInAs: await as('admin'), path: '/settings/deliveries' });
    await admin.page.getByText('+4915110000999 (sms, twilio)').first().waitFor();
    await admin.page.getByText('Can send').first().waitFor();
    expect(await axeCheck(admin.page)).toEqual([]);
    await admin.close();
    await carrier.close();
  });

  test.each([1440, 390])(
    'every screen of people is accessible at %i pixels',
    async (width) => {
      const pageId = await call(`Checkout is slow ${width}`);
      const [schedule] = (await (await house.signIn('viewer')).get('/api/v1/schedules')).body.items;
      const opened: OpenedPage = await openPage(house.url, { signedInAs: await as('manager'), width });
      for (const path of [
        '/pages',
        `/pages/${pageId}`,
        '/on-call',
        `/on-call/${schedule.id}`,
        `/on-call/${schedule.id}/edit`,
        '/teams',
        '/escalation',
        '/settings/contact',
      ]) {
        await opened.goto(path);
        expect([path, await axeCheck(opened.page)]).toEqual([path, []]);
      }
      await opened.close();
    },
    90_000,
  );
});

test('the link in the mail takes the page without JavaScript: one look, one button', async () => {
  house.smtp.clear();
  const pageId = await call('Payments are down');
  const link = /https?:\S+\/ack\/\S+/.exec(house.smtp.messages[0]?.text ?? '')?.[0] ?? '';
  const opened = await openPage(house.url, { javaScript: false, width: 390 });
  await opened.page.goto(link);
  expect((await stateOf(pageId)).state).toBe('paging');
  await opened.page.getByRole('button', { name: 'I take this page' }).click();
  await opened.page.getByRole('heading', { name: 'You have this page' }).waitFor();
  expect(await stateOf(pageId)).toMatchObject({ state: 'acknowledged', acknowledgedVia: 'mail link' });
  await opened.close();
});
