/** A mail composed once and filled in for many: what readers get is what was written, each with their own way out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { bulkMail } from '../once.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const PLACE = 'zqPlaceOfTheirOwnqz';
const message = {
  subject: 'Störung: Zahlungen sind langsam – „bitte nicht zweimal zahlen“ 🙂',
  text: `.\n..\nEine Zeile = ${'sehr '.repeat(60)}lang.\nFrom here on.\nÄöü 🙂\n\nOut: https://status.example.com/unsubscribe?token=${PLACE}`,
  html: `<p>Äöü 🙂 &amp; ${'x'.repeat(300)}</p><a href="https://status.example.com/unsubscribe?token=${PLACE}">out</a>`,
  headers: {
    'List-Unsubscribe': `<https://status.example.com/unsubscribe?token=${PLACE}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'X-Note': 'a\r\nBcc: victim@example.com',
  },
};

describe('bulk mail', () => {
  it('arrives as it was written, over a few connections, with a link of its own for each and one header per line', async () => {
    const ctx = await house.ctx('system');
    const bulk = await bulkMail(ctx, message, PLACE, 3);
    const fills = Array.from({ length: 20 }, (_, n) => `tok-${n}_${'aB3'.repeat(9)}`);
    const outcomes = await Promise.all(
      fills.map((fill, n) => bulk.send({ id: `rev_1.sub_${n}`, to: `reader${n}@example.com`, fill })),
    );
    bulk.close();
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['delivered']));
    expect(house.smtp.messages).toHaveLength(20);
    for (const [n, fill] of fills.entries()) {
      const mail = house.smtp.messages.find(({ to }) => to[0] === `reader${n}@example.com`);
      expect(mail?.subject).toBe(message.subject);
      expect(mail?.text.trimEnd()).toBe(message.text.replace(PLACE, fill).trimEnd());
      expect(mail?.html).toContain(`token=${fill}"`);
      expect(mail?.html).toContain('Äöü 🙂');
      expect(mail?.headers['list-unsubscribe']).toEqual([`<https://status.example.com/unsubscribe?token=${fill}>`]);
      expect(mail?.headers['message-id']).toEqual([`<rev_1.sub_${n}@orchardline.example>`]);
      expect(mail?.headers.bcc).toBeUndefined();
      expect(mail?.headers.to).toEqual([`<reader${n}@example.com>`]);
      expect(mail?.raw.split('\r\n').every((line) => line.length <= 998)).toBe(true);
    }
  });

  it('tells a refused reader from a server that is away, and goes on with the others', async () => {
    house.smtp.clear();
    house.smtp.answer(({ to }) =>
      to[0] === 'gone@example.com'
        ? { code: 550, message: 'no such user' }
        : to[0] === 'full@example.com'
          ? { code: 452, message: 'mailbox full' }
          : null,
    );
    const bulk = await bulkMail(await house.ctx('system'), message, PLACE, 1);
    const to = async (address: string) => bulk.send({ id: `rev_2.${address}`, to: address, fill: 'tok' });
    expect(await to('gone@example.com')).toMatchObject({ state: 'failed', permanent: true });
    expect(await to('full@example.com')).toMatchObject({ state: 'failed', permanent: false });
    expect(await to('fine@example.com')).toMatchObject({ state: 'delivered' });
    expect(await to('straße@example.com')).toMatchObject({ state: 'failed', permanent: false });
    bulk.close();
    house.smtp.answer();
  });

  it('never carries a drill', async () => {
    await expect(bulkMail(await house.ctx('system', { exercise: true }), message, PLACE)).rejects.toMatchObject({
      rule: 'channels.exercise',
    });
  });
});
