/** The frame of the public page in the reader's language: chosen by header or by address, whole, without a script. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { aComponent } from '../../../test/harness/comms.ts';
import { setComponentState } from '../commands/setComponentState.ts';
import { chosen, LANGUAGES, tongueOf } from './render/words/index.ts';
import { PHRASES } from './render/words/phrases.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const { component } = await aComponent(house, '<b>Kasse</b>');
  await setComponentState(await house.ctx('manager'), {
    id: component.id,
    state: 'partial_outage',
    reason: 'a test needs it',
  });
  await house.settle();
});
afterAll(() => house.close());
const get = (path: string, language?: string) =>
  house.anonymous.get(path, language === undefined ? {} : { 'accept-language': language });

describe('languages', () => {
  it('there are at least ten, and each says every phrase with the same places in it', () => {
    const codes = Object.keys(LANGUAGES).filter((lang) => lang !== 'en');
    expect(codes.length).toBeGreaterThanOrEqual(10);
    for (const code of codes)
      for (const phrase of PHRASES) {
        const said = tongueOf(code).t(phrase, '{0}', '{1}', '{2}', '{3}');
        expect(said, `${code}: ${phrase}`).not.toBe('');
        expect(said.match(/\{\d\}/g)?.sort() ?? [], `${code}: ${phrase}`).toEqual(
          phrase.match(/\{\d\}/g)?.sort() ?? [],
        );
      }
  });

  it('the weights of a header decide, and nonsense is no wish', () => {
    const all = ['en', 'de', 'fr'];
    expect(chosen('fr;q=0.3, de-AT;q=0.9, en;q=0.5', all)).toBe('de');
    expect(chosen('sw, fr;q=0.2', all)).toBe('fr');
    expect(chosen('sw', all)).toBeUndefined();
    expect(chosen('de;q=0, en', all)).toBe('en');
    expect(chosen(';;;q=x,,,', all)).toBeUndefined();
  });

  it('the page speaks the language of the browser, and of the address when there is one', async () => {
    const german = await get('/status', 'de-DE,de;q=0.9');
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain('Einige Dienste sind teilweise nicht verfügbar');
    // What people wrote stays as they wrote it, and as inert.
    expect(german.text).toContain('&lt;b&gt;Kasse&lt;/b&gt;');
    expect(german.headers.get('content-language')).toBe('de');
    expect(german.headers.get('vary')).toContain('accept-language');
    const french = await get('/status/fr', 'de');
    expect(french.text).toContain('Certains services sont partiellement indisponibles');
    expect(french.text).toContain('href="/status/fr/history"');
    expect((await get('/status/fr/history')).text).toContain('Incidents passés');
    expect((await get('/status', 'sw')).text).toContain('<html lang="en">');
    expect((await get('/status/xx')).status).toBe(404);
    expect((await get('/status', 'de')).headers.get('etag')).not.toBe((await get('/status', 'fr')).headers.get('etag'));
  });

  it('in every language the first load stays under 50 kB, is whole without a script, and loads nothing from elsewhere', async () => {
    for (const code of Object.keys(LANGUAGES)) {
      const page = await get(`/status/${code}`);
      expect([page.status, page.headers.get('content-language')], code).toEqual([200, code]);
      const links = [...page.text.matchAll(/(?:<link rel="stylesheet" href|<script src)="([^"]+)"/g)];
      let bytes = Buffer.byteLength(page.text);
      for (const [, link = ''] of links) {
        expect(link).toMatch(/^\/status\/assets\//);
        bytes += Buffer.byteLength((await get(link)).text);
      }
      expect(bytes, code).toBeLessThan(50_000);
      expect(page.text).toMatch(/<time datetime="[^"]+"/);
      expect(page.text).not.toMatch(/<(?:img|iframe|link|script)[^>]+(?:src|href)="(?:https?:)?\/\//);
    }
  });
});
