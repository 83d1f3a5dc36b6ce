import { describe, expect, it } from 'vitest';
import { readSpoken, WORDS } from '../../../../src/incidents/chat/words.ts';
import { readLine, SLASH, suggestions } from './slash.ts';

const KNOWN = {
  roles: [
    { key: 'communications_lead', title: 'Communications lead' },
    { key: 'vendor_liaison', title: 'Vendor liaison' },
  ],
  people: [
    { id: 'usr_lena', name: 'Léna Weiss' },
    { id: 'usr_max', name: 'Max Moe' },
    { id: 'usr_max2', name: 'Maximiliane Noe' },
  ],
};

describe('a line typed into the war room', () => {
  it.each([
    ['lag is falling', { kind: 'note', text: 'lag is falling' }],
    ['/etc/passwd is world readable', { kind: 'note', text: '/etc/passwd is world readable' }],
    ['/did flag off', { kind: 'action', text: 'flag off' }],
    ['/hyp  the new build\nleaks', { kind: 'hypothesis', text: 'the new build\nleaks' }],
    ['/decide Roll back? > yes, now', { kind: 'decision', question: 'Roll back?', choice: 'yes, now' }],
    ['/decide roll back', { kind: 'unclear', hint: '/decide Roll back? > yes' }],
    ['/sev 1', { kind: 'severity', severity: 1 }],
    ['/sev SEV3 one region only', { kind: 'severity', severity: 3, reason: 'one region only' }],
    ['/sev 9', { kind: 'unclear', hint: '/sev 1 all regions' }],
    ['/role CL', { kind: 'role', role: 'communications_lead' }],
    ['/role boss', { kind: 'unclear', hint: '/role cl @lena' }],
    ['/role cl @lena', { kind: 'role', role: 'communications_lead', userId: 'usr_lena' }],
    ['/role cl @lenaweiss', { kind: 'role', role: 'communications_lead', userId: 'usr_lena' }],
    ['/role cl @ma', { kind: 'unclear', hint: '/role cl @lena' }],
    ['/role cl @maximiliane', { kind: 'role', role: 'communications_lead', userId: 'usr_max2' }],
    ['/role vendor liaison @lena', { kind: 'role', role: 'vendor_liaison', userId: 'usr_lena' }],
    ['/role vendor', { kind: 'role', role: 'vendor_liaison' }],
    ['/restricted a leak @Weiss', { kind: 'restricted', text: 'a leak', personId: 'usr_lena' }],
    ['/restricted a leak', { kind: 'restricted', text: 'a leak' }],
    ['/restrict a leak', { kind: 'unclear', hint: '/restricted the leaked file is of a customer @lena' }],
    ['/task', { kind: 'unclear', hint: '/task call the carrier @lena' }],
    ['/task call the carrier', { kind: 'task', text: 'call the carrier' }],
    ['/task call the carrier @Weiss', { kind: 'task', text: 'call the carrier', personId: 'usr_lena' }],
    ['/task mail a@b.example', { kind: 'task', text: 'mail a@b.example' }],
    ['/question Are refunds affected?', { kind: 'question', text: 'Are refunds affected?' }],
    [
      '/question Are refunds affected? @lena 20m',
      { kind: 'question', text: 'Are refunds affected?', ownerId: 'usr_lena', minutes: 20 },
    ],
    ['/question How long? 1h', { kind: 'question', text: 'How long?', minutes: 60 }],
    [
      '/impact 1,200 customers 40% gateway log',
      { kind: 'impact', customers: 1200, pctRequests: 40, method: 'gateway log' },
    ],
    ['/impact 2.5 %', { kind: 'impact', pctRequests: 2.5 }],
    ['/impact 0', { kind: 'impact', customers: 0 }],
    ['/impact many', { kind: 'unclear', hint: '/impact 1200 customers 40%' }],
    ['/update We send traffic elsewhere', { kind: 'update', text: 'We send traffic elsewhere' }],
    ['/update', { kind: 'update', text: '' }],
  ])('%s', (typed, expected) => expect(readLine(typed, KNOWN)).toEqual(expected));

  it('a slash shows what can be done, and a letter narrows it', () => {
    expect(suggestions('/').length).toBe(10);
    expect(suggestions('/de').map(({ word }) => word)).toEqual(['decide']);
    expect(suggestions('/did it')).toEqual([]);
    expect(suggestions('and/or')).toEqual([]);
  });
});

describe('the same words in a chat', () => {
  // What is typed as `/sev 1` here is the command `/sev` with the text `1` there.
  const inChat = (typed: string) => {
    const [, command = '', text = ''] = /^(\/\w+)\s*([\s\S]*)$/.exec(typed) ?? [];
    return readSpoken(command, text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  };
  it('every word of the composer is a word of the chat, but for what a chat could not keep to a few', () => {
    const words = SLASH.map(({ word }) => word).filter((word) => word !== 'restricted');
    expect(Object.keys(WORDS)).toEqual(expect.arrayContaining(words));
    expect(Object.keys(WORDS)).not.toContain('restricted');
  });
  it.each([
    '/did flag off',
    '/hyp a <leak>',
    '/decide Roll back? > yes',
    '/sev 1',
    '/sev SEV3 one region',
    '/role CL',
    '/task x & y',
    '/question Are refunds affected?',
    '/impact 1,200 customers 40% gateway log',
    '/impact 2.5 %',
  ])('%s means the same', (typed) => expect(inChat(typed)).toEqual(readLine(typed)));
});
