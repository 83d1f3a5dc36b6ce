/** Time bugs of others in heartbeats, under their own names. */
import { expect, test } from 'vitest';
import { dueAfter, isMissed } from './model.ts';

test('healthchecks#196, #815, #912: a daily heartbeat over a change of the clocks is due after 24 hours, neither an hour early nor late', () => {
  const before = process.env.TZ;
  try {
    for (const place of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'])
      for (const ping of [
        '2026-10-24T12:00:00Z',
        '2026-10-31T12:00:00Z',
        '2027-03-13T12:00:00Z',
        '2027-03-27T12:00:00Z',
      ]) {
        process.env.TZ = place;
        const last = new Date(ping);
        const dueAt = dueAfter(last, 86_400);
        expect(dueAt.getTime() - last.getTime()).toBe(86_400_000);
        const beat = { enabled: true, expiredAt: null, dueAt };
        // The hour that is there twice, or not at all, is no reason to call a job dead, nor to let a dead one pass.
        expect(isMissed(beat, new Date(last.getTime() + 86_399_000))).toBe(false);
        expect(isMissed(beat, dueAt)).toBe(true);
      }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
