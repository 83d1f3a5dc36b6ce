/** What SMS and calls may cost, where they may go, and that nobody's number is guessed or taken over (threats T12 and T13). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ctx, newId, settingByKey, writeSetting } from '#kernel';
import { insertUser, userActor, userById } from '#security';
import { type Carrier, openCarrier } from '../../test/fakes/carrier.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { removeContactMethod } from './commands/removeContactMethod.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { startPage } from './index.ts';
import { ownContactMethods } from './queries.ts';

let house: House;
let carrier: Carrier;
const set = async (key: string, value: unknown) => writeSetting(await house.ctx('system'), settingByKey(key)!, value);
const PHONE = { countries: [] as string[], dailyLimit: 25, smsPrice: 0.08, callPrice: 0.1, prices: [] as object[] };
beforeAll(async () => {
  house = await openHouse();
  carrier = await openCarrier(async () => (await house.ctx('system')).now);
  await set('channels.twilio', carrier.twilio);
});
afterAll(async () => {
  await carrier.close();
  await house.close();
});
beforeEach(async () => {
  await house.advance('24h');
  await set('channels.phone', PHONE);
  carrier.clear();
  carrier.refuse();
  house.smtp.clear();
});

let numbers = 1000;
async function somebody(name: string) {
  const system = await house.ctx('system');
  const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
  const id = await insertUser(system, { email, name, roles: ['responder'], timeZone: 'Europe/Berlin' });
  const user = (await userById(system, id))!;
  numbers += 1;
  return { id, email, number: `+4915100${numbers}`, ctx: async (): Promise<Ctx> => house.core.ctx(userActor(user)) };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;
const add = async (person: Somebody, kind: string, value = person.number) =>
  addContactMethod(await person.ctx(), { kind, value, label: '' });
async function proven(person: Somebody, kind = 'sms'): Promise<string> {
  const { id } = await add(person, kind);
  await house.settle();
  const code = /(\d(?:, )?){8}/
    .exec(carrier.last(kind === 'sms' ? 'sms' : 'call', person.number)!.text)![0]
    .replaceAll(', ', '');
  expect((await verifyContactMethod(await person.ctx(), { id, code })).result).toBe('verified');
  carrier.clear();
  return id;
}
const page = async (person: Somebody, urgency: 'high' | 'low' = 'high') => {
  await startPage(await house.ctx('system'), {
    subject: { kind: 'test', id: newId('tst') },
    title: 'Orders are slow',
    body: '',
    urgency,
    userId: person.id,
    link: '/',
  });
  await house.settle();
};
const today = async () => (await (await house.signIn('admin')).get('/api/v1/channels/phone/today')).body;

describe('T12: the bill', () => {
  test('sixty codes asked for at once cost no more than the day may, administrators are told within five minutes, and an urgent page still goes out', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await house.advance('24h');
    await set('channels.phone', { ...PHONE, dailyLimit: 0.8 });
    house.smtp.clear();
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, n) => somebody(`Pump${n}`)));
    await Promise.all(
      crowd.flatMap((one, n) =>
        Array.from({ length: 5 }, (_, m) => add(one, 'sms', `+4917${String(n * 10 + m).padStart(8, '0')}`)),
      ),
    );
    await house.settle();
    const spent = await today();
    expect(carrier.taken).toHaveLength(10);
    expect(spent).toMatchObject({ spent: 0.8, limit: 0.8, refused: 50 });
    await house.advance('4m');
    const subjects = house.smtp.messages.map(({ subject, to }) => [subject, to[0]]);
    expect(subjects.filter(([subject]) => subject === 'SMS and calls: today’s limit is used up')).toEqual([
      ['SMS and calls: today’s limit is used up', 'admin@orchardline.example'],
    ]);
    carrier.clear();
    await page(ana);
    expect(carrier.last('sms', ana.number)?.text).toContain('Orders are slow');
    expect((await today()).spent).toBeCloseTo(0.88);
  });

  test('four fifths of the day are told once; the next day begins anew', async () => {
    await set('channels.phone', { ...PHONE, dailyLimit: 0.5 });
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    for (let i = 0; i < 6; i++) await add(ana, 'sms', `+49171000000${i}`);
    await house.settle();
    const told = () => house.smtp.messages.filter(({ subject }) => subject.includes('four fifths'));
    expect(told()).toHaveLength(1);
    await add(ben, 'sms', '+491720000000');
    await house.settle();
    expect(told()).toHaveLength(1);
    await house.advance('24h');
    expect(await today()).toMatchObject({ spent: 0, refused: 0 });
  });

  test('a page that is not urgent, and a page to a number nobody confirmed, are held to the limit; what no carrier took costs nothing', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'voice');
    await set('channels.phone', { ...PHONE, dailyLimit: 0 });
    await house.advance('24h');
    const ben = await somebody('Ben');
    await add(ben, 'sms');
    await house.settle();
    await page(ben);
    expect(carrier.taken).toEqual([]);
    await set('channels.phone', PHONE);
    carrier.refuse(() => ({ status: 503 }));
    await page(ana);
    expect((await today()).spent).toBe(0);
  });

  test('numbers of other countries, premium numbers and satellites are refused when they are typed', async () => {
    const ana = await somebody('Ana');
    await set('channels.phone', { ...PHONE, countries: ['+49', '+1'] });
    for (const [number, why] of [
      ['+33612345678', '+49, +1 only'],
      ['+1 900 555 0006', '+1900'],
      ['+881612345678', '+881'],
    ] as const)
      await expect(add(ana, 'sms', number)).rejects.toMatchObject({
        status: 422,
        errors: [{ path: 'value', message: expect.stringContaining(why) }],
      });
    await add(ana, 'sms', '+15005550001');
    await house.settle();
    expect(carrier.taken).toHaveLength(1);
  });

  test('a country that is taken from the list loses codes and tests, but no urgent page to a confirmed number', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await set('channels.phone', { ...PHONE, countries: ['+1'] });
    await page(ana);
    expect(carrier.taken).toHaveLength(1);
  });
});

describe('T13: a contact method', () => {
  test('ten thousand guesses at once are five, and then the code is burned', { timeout: 120_000 }, async () => {
    const ana = await somebody('Ana');
    const { id } = await add(ana, 'sms');
    await house.settle();
    const right = /\d{8}/.exec(carrier.last('sms', ana.number)!.text)![0];
    const ctx = await ana.ctx();
    const guesses = Array.from({ length: 10_000 }, (_, n) =>
      String((Number(right) + 1 + n) % 100_000_000).padStart(8, '0'),
    );
    const results: string[] = [];
    // Two hundred under way at any moment: what waits for a connection longer than that is refused before it counts.
    const guesser = async () => {
      for (let code = guesses.pop(); code !== undefined; code = guesses.pop())
        results.push((await verifyContactMethod(ctx, { id, code })).result);
    };
    await Promise.all(Array.from({ length: 200 }, guesser));
    expect(results.filter((result) => result === 'wrong')).toHaveLength(5);
    expect(results.filter((result) => result === 'over')).toHaveLength(9_995);
    expect((await verifyContactMethod(ctx, { id, code: right })).result).toBe('over');
  });

  test('the code is good for fifteen minutes and for one method', async () => {
    const ana = await somebody('Ana');
    const one = await add(ana, 'sms');
    await house.settle();
    const code = /\d{8}/.exec(carrier.last('sms', ana.number)!.text)![0];
    const other = await add(ana, 'voice');
    await house.settle();
    expect((await verifyContactMethod(await ana.ctx(), { id: other.id, code })).result).toBe('wrong');
    await house.advance('16m');
    expect((await verifyContactMethod(await ana.ctx(), { id: one.id, code })).result).toBe('over');
  });

  test('twenty changes of twenty are told to the contact that was there before', async () => {
    let told = 0;
    for (let n = 0; n < 10; n++) {
      const ana = await somebody(`Ana${n}`);
      house.smtp.clear();
      const { id } = await add(ana, 'sms');
      await house.settle();
      told += house.smtp.messages.filter(
        ({ to, text }) => to[0] === ana.email && text.includes(`${ana.number} was added`),
      ).length;
      await removeContactMethod(await ana.ctx(), { id });
      await house.settle();
      told += house.smtp.messages.filter(
        ({ to, text }) => to[0] === ana.email && text.includes(`${ana.number} was removed`),
      ).length;
      expect(await ownContactMethods(await ana.ctx())).toHaveLength(1);
    }
    expect(told).toBe(20);
  });
});
