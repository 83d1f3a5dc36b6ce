/** Schedules in a real browser, as one walk: two layers, a swap with a return, a page through them, the answer on a phone, who would have been next. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPage } from '#people';
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

const DAY = 86_400_000;
const as = async (role: 'responder' | 'manager' | 'viewer' | 'admin') => ({
  cookie: `evenkeel=${await house.sessionToken(role)}`,
});
async function open(role: 'responder' | 'manager', path: string, phone = false): Promise<OpenedPage> {
  const opened = await openPage(house.url, {
    signedInAs: await as(role),
    path,
    ...(phone ? { width: 390, height: 844 } : {}),
  });
  opened.page.setDefaultTimeout(10_000);
  return opened;
}
const now = async () => (await house.ctx('system')).now.getTime();

test('a schedule of two layers is made, shifts are swapped, a page goes through it, is taken on a phone, and shows who would have been next', async () => {
  const made = await open('manager', '/on-call/new');
  const { page } = made;
  await page.getByLabel('Name').fill('Payments');
  const add = async (list: string, name: RegExp) => {
    await page
      .getByRole('combobox', { name: `Add to ${list}` })
      .or(page.getByLabel(`Add to ${list}`))
      .first()
      .click();
    await page.getByRole('option', { name }).click();
  };
  await page.getByRole('button', { name: 'Add a layer underneath' }).click();
  await page.getByLabel('Layer name').first().fill('First');
  await page.getByLabel('Layer name').last().fill('Second');
  for (const [list, who] of [
    ['people in turn, first', /Rui Responder/],
    ['people in turn, first', /Mina Manager/],
    ['people in turn, second', /Ada Admin|Admin/],
  ] as const)
    await add(list, who);
  // Turns of a day, so that both have one soon.
  await page.getByRole('combobox', { name: 'Unit' }).first().click();
  await page.getByRole('option', { name: 'days' }).click();
  await page.getByLabel('Hand-over time').first().fill('00:00');
  await page.getByLabel('Timeline of the draft').waitFor();
  await page.getByRole('button', { name: 'Make schedule' }).click();
  await page.getByLabel('I know. Save it all the same').check();
  await page.getByRole('button', { name: 'Make schedule' }).click();
  await page.getByRole('heading', { name: 'Payments', level: 1 }).waitFor();
  const path = new URL(page.url()).pathname;
  const id = path.split('/').at(-1)!;
  const manager = await house.signIn('manager');
  const zone = (await manager.get(`/api/v1/schedules/${id}`)).body.zone as string;

  // By keyboard alone: two hours from now on, and it can be undone.
  const handle = page.getByRole('slider', { name: /A stretch for an override/ });
  await handle.focus();
  for (const key of ['PageUp', 'Shift+ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  const [from, to] = [await dialog.getByLabel('From').inputValue(), await dialog.getByLabel('To').inputValue()];
  expect(Date.parse(`${to}Z`) - Date.parse(`${from}Z`)).toBe(2 * 3_600_000);
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('Mina Manager takes over', { exact: true }).waitFor();
  expect((await manager.get(`/api/v1/schedules/${id}`)).body.overrides).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  expect((await manager.get(`/api/v1/schedules/${id}`)).body.overrides).toEqual([]);

  // By mouse: dragged over the row of the result.
  const row = page.getByRole('list', { name: 'On call', exact: true });
  const box = (await row.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await dialog.getByRole('button', { name: 'Take over' }).waitFor();
  const dragged =
    Date.parse(`${await dialog.getByLabel('To').inputValue()}Z`) -
    Date.parse(`${await dialog.getByLabel('From').inputValue()}Z`);
  expect(dragged / DAY).toBeCloseTo(1.4, 0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await axeCheck(page)).toEqual([]);
  await made.close();

  // "I take yours, you take mine": the day Rui has, for the next one that Mina has.
  const at = await now();
  const shifts = (
    await manager.get(
      `/api/v1/schedules/${id}/shifts?from=${new Date(at).toISOString()}&to=${new Date(at + 6 * DAY).toISOString()}`,
    )
  ).body.shifts as { from: string; to: string; person: { name: string } }[];
  const rui = shifts.find((shift, n) => n > 0 && shift.person.name === 'Rui Responder')!;
  const mina = shifts.find((shift) => shift.from >= rui.to && shift.person.name === 'Mina Manager')!;
  const wall = (instant: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
      .format(new Date(instant))
      .replace(' ', 'T');
  const asks = await open('responder', path);
  await asks.page.getByRole('button', { name: 'Offer my shift' }).click();
  const form = asks.page.getByRole('dialog');
  await form.getByLabel('From', { exact: true }).fill(wall(rui.from));
  await form.getByLabel('To', { exact: true }).fill(wall(rui.to));
  await form
    .getByRole('combobox', { name: 'Whom do you ask' })
    .or(form.getByPlaceholder('Choose a person'))
    .first()
    .click();
  await asks.page.getByRole('option', { name: /Mina Manager/ }).click();
  await form.getByLabel('I take a shift of theirs in return').check();
  await form.getByLabel('Theirs from').fill(wall(mina.from));
  await form.getByLabel('Theirs to').fill(wall(mina.to));
  await form.getByRole('button', { name: 'Ask', exact: true }).click();
  await asks.page.getByText('in return').waitFor();
  await asks.close();
  const accepts = await open('manager', path, true);
  await accepts.page.getByRole('button', { name: 'Accept' }).click();
  await accepts.page.getByText('Mina Manager takes over from Rui Responder').waitFor();
  await accepts.page.getByText('Rui Responder takes over from Mina Manager').waitFor();
  await accepts.close();

  // A page through the schedule, then somebody named: whoever is on call now is called, and answers on a phone.
  const system = await house.ctx('system');
  const admin = await house.userId('admin');
  const policy = await manager.post('/api/v1/escalation-policies', {
    name: 'Payments',
    steps: [
      { delaySeconds: 300, targets: [{ kind: 'schedule', id }] },
      { delaySeconds: 300, targets: [{ kind: 'user', id: admin }] },
    ],
  });
  expect(policy.status, policy.text).toBe(201);
  await startPage(system, {
    subject: { kind: 'watch', id: 'story' },
    title: 'Payments are failing',
    body: 'error rate 12 %',
    urgency: 'high',
    policyId: policy.body.id,
    link: '/pages',
  });
  await house.settle();
  const onCall = (await manager.get('/api/v1/on-call')).body.items[0].now.person.name as string;
  const phone = await open(onCall === 'Mina Manager' ? 'manager' : 'responder', '/pages', true);
  await phone.page.getByRole('link', { name: 'Payments are failing' }).click();
  await phone.page.getByText(`${onCall} is called: on call in Payments`).first().waitFor();
  await phone.page.getByRole('button', { name: 'Take this page' }).first().click();
  await phone.page.getByText('You have this page').first().waitFor();
  const next = phone.page.getByRole('list', { name: 'Who would have been next' });
  await next.waitFor();
  expect(await next.textContent()).toMatch(/Admin/);
  expect(await axeCheck(phone.page)).toEqual([]);
  await phone.close();
}, 120_000);

test('who is on call is one letter away on every page, with the person of now, until when in which zone, and who is next', async () => {
  const opened = await open('responder', '/incidents');
  const { page } = opened;
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('w');
  const dialog = page.getByRole('dialog', { name: 'Who is on call' });
  const row = dialog.getByRole('row', { name: /Payments/ });
  await row.waitFor();
  expect(await row.textContent()).toMatch(/Payments.*(Rui Responder|Mina Manager).*(C|G)[A-Z]*T/);
  expect(await axeCheck(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  // While something is typed a letter is a letter.
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a page, an incident, an action').fill('w');
  await page.getByText('Who is on call').first().click();
  await row.waitFor();
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: 'Payments', level: 1 }).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await opened.close();
}, 60_000);

test('a calendar of leave is taken in, blocks a shift in red, and cover is found in two clicks', async () => {
  const at = await now();
  const manager = await house.signIn('manager');
  const me = await open('responder', '/on-call');
  const { page } = me;
  await page.getByRole('button', { name: 'Take in a calendar' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('My leave');
  await dialog.getByText('In a file').click();
  const day = (ahead: number) => new Date(at + ahead * DAY).toISOString().slice(0, 10).replaceAll('-', '');
  const ics = (rule: string) =>
    `BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:${day(7)}\nDTEND;VALUE=DATE:${day(9)}\n${rule}END:VEVENT\nEND:VCALENDAR\n`;
  const choose = (text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'leave.ics', mimeType: 'text/calendar', buffer: Buffer.from(text) });
  await choose(ics('RRULE:FREQ=SECONDLY\n'));
  await dialog.getByRole('button', { name: 'Read and keep' }).click();
  await dialog
    .getByText(/line 6: /)
    .first()
    .waitFor();
  await choose(ics(''));
  await dialog.getByRole('button', { name: 'Read and keep' }).click();
  await page.getByText('leave of Rui Responder').waitFor();
  expect(await axeCheck(page)).toEqual([]);
  await me.close();
  const [{ id }] = (await manager.get('/api/v1/schedules')).body.items;
  // The second layer shows through where one is; alone it is a gap.
  const schedule = (await manager.get(`/api/v1/schedules/${id}`)).body;
  const layers = schedule.layers.slice(0, 1).map((layer: { participants: { id: string }[] }) => ({
    ...layer,
    participants: layer.participants.map((one) => one.id),
  }));
  await manager.put(`/api/v1/schedules/${id}`, {
    name: schedule.name,
    zone: schedule.zone,
    layers,
    acceptWarnings: true,
    version: schedule.version,
  });
  const cover = await open('manager', `/on-call/${id}`);
  await cover.page.getByText('Rui Responder is away').first().waitFor();
  await cover.page.getByRole('button', { name: 'Find cover' }).first().click();
  await cover.page.getByRole('list', { name: 'Who could cover' }).getByText('Mina Manager').waitFor();
  await cover.page.getByRole('button', { name: 'Let Mina Manager cover' }).click();
  await cover.page.getByText('Mina Manager takes over from Rui Responder').first().waitFor();
  await cover.close();
}, 60_000);
