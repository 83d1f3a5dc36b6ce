/** Reachability in words and tones: the states of people, methods and tests. */
import type { ReachState, TestPage } from '#contract/people';
import type { Tone } from '../../kit/tones.ts';

export const personState: Record<ReachState, { label: string; tone: Tone }> = {
  reachable: { label: 'Proven', tone: 'ok' },
  untested: { label: 'Not tested', tone: 'notice' },
  doubtful: { label: 'In doubt', tone: 'warn' },
  unreachable: { label: 'Not reachable', tone: 'danger' },
};

export const methodTone: Record<'proven' | 'untested' | 'doubtful' | 'unverified' | 'dead', Tone> = {
  proven: 'ok',
  untested: 'notice',
  doubtful: 'warn',
  unverified: 'warn',
  dead: 'danger',
};

export const testState: Record<TestPage['state'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waits for an answer', tone: 'progress' },
  confirmed: { label: 'Answered', tone: 'ok' },
  missed: { label: 'Not answered', tone: 'warn' },
  failed: { label: 'Not delivered', tone: 'danger' },
};

/** Where a trip of the watchdog ended. */
export const stageWords: Record<string, string> = {
  ingest: 'at the door of ingest',
  processing: 'before it became an alert',
  paging: 'before a page began',
  sender: 'before the first message left',
  scheduler: 'before the next step of the page',
  receipt: 'before the second message left',
  providers: 'because every page of the last minutes failed at its provider',
};
