import { describe, expect, it } from 'vitest';
import { readSpoken, WORDS } from '../../../../src/incidents/chat/words.ts';
import { readLine, SLASH, suggestions } from './slash.ts';

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
    ['/role boss', { kind: 'unclear', hint: '/role cl' }],
    ['/task', { kind: 'unclear', hint: '/task call the carrier' }],
  ])('%s', (typed, expected) => expect(readLine(typed)).toEqual(expected));

  it('a slash shows what can be done, and a letter narrows it', () => {
    expect(suggestions('/').length).toBe(6);
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
  it('every word of the composer is a word of the chat', () => {
    expect(Object.keys(WORDS)).toEqual(expect.arrayContaining(SLASH.map(({ word }) => word)));
  });
  it.each([
    '/did flag off',
    '/hyp a <leak>',
    '/decide Roll back? > yes',
    '/sev 1',
    '/sev SEV3 one region',
    '/role CL',
    '/task x & y',
  ])('%s means the same', (typed) => expect(inChat(typed)).toEqual(readLine(typed)));
});
