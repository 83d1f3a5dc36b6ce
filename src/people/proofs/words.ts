/** The words of proofs: test pages, warnings before a shift, why nobody is on call. */
import type { Message } from '#channels';
import { absolute, escapeHtml } from '../messages.ts';

const WHY: Record<string, string> = {
  not_started: 'the rotation has not begun',
  ended: 'the rotation has ended',
  outside_hours: 'outside the hours of every layer',
  no_participants: 'nobody is in the rotation',
  person_inactive: 'the person is no longer active',
  person_away: 'the person is away',
};

/** Why a stretch has nobody, with the name of the person when it is about one. */
export function sayWhyNobody(why: string, blocked: string | null): string {
  if (blocked && why === 'person_away') return `${blocked} is away`;
  if (blocked && why === 'person_inactive') return `${blocked} is no longer active`;
  return WHY[why] ?? why;
}

export interface TestMessage {
  proofId: string;
  name: string;
  /** What this method is called: `E-mail`. */
  channel: string;
  /** Under which the person answers. */
  url: string;
  userId: string;
  number: number;
  /** Said with its zone. */
  answerBy: string;
}

/** A test page: it looks and is answered like a page, and says first that it is none. */
export function testMessage({ proofId, name, channel, url, userId, number, answerBy }: TestMessage): Message {
  const code = `T${number}`;
  const facts = `${name}, this is a test. Nothing is wrong. Answer it to prove that pages reach you by ${channel}, until ${answerBy}.`;
  return {
    subject: 'TEST page: please answer',
    text: `${facts}\n\nIt reached me (opens a page with one button):\n${url}\n\nTest ${proofId}`,
    html: `<h2>TEST page: please answer</h2><p>${escapeHtml(facts)}</p><p><a href="${escapeHtml(url)}"><strong>It reached me</strong></a> (opens a page with one button)</p><p><small>Test ${escapeHtml(proofId)}</small></p>`,
    facts,
    answer: {
      pageId: proofId,
      userId,
      url,
      token: url.slice(url.lastIndexOf('/') + 1),
      link: absolute('/settings/contact'),
      code,
    },
    headers: { 'X-Evenkeel-Test': proofId },
    body: { type: 'page.test', data: { testId: proofId, name, acknowledgeUrl: url, answerBy, test: true } },
  };
}

/** The address of the screen on which everything about reachability is seen. */
