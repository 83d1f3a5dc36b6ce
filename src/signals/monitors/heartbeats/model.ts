/** Heartbeats: when the next ping is due, and what a missed one says. Pure. */
import type { Severity } from '../../model.ts';

export interface Heartbeat {
  id: string;
  integrationId: string;
  name: string;
  description: string;
  intervalSeconds: number;
  enabled: boolean;
  severity: Severity;
  /** What the alert says; a sentence of ours when empty. */
  alertMessage: string;
  tags: string[];
  lastPingAt: Date | null;
  dueAt: Date;
  expiredAt: Date | null;
  createdAt: Date;
}

/** A ping counts at most once in a second: a storm of them costs reads, not writes (bad-input row 30). */
export const PING_EVERY_MS = 1000;

/** The instant by which the next ping must have come. */
export const dueAfter = (at: Date, intervalSeconds: number) => new Date(at.getTime() + intervalSeconds * 1000);

/** True when its ping did not come in time and nobody was told yet. */
export const isMissed = (beat: Pick<Heartbeat, 'enabled' | 'expiredAt' | 'dueAt'>, now: Date) =>
  beat.enabled && beat.expiredAt === null && beat.dueAt <= now;

/** True when a ping changes nothing worth writing. */
export const isStorm = (beat: Pick<Heartbeat, 'expiredAt' | 'lastPingAt' | 'enabled'>, now: Date) =>
  beat.expiredAt === null &&
  beat.lastPingAt !== null &&
  now.getTime() - beat.lastPingAt.getTime() < PING_EVERY_MS &&
  now >= beat.lastPingAt;

/** Dedup key of its alert. */
export const keyOfBeat = (name: string) => `heartbeat:${name}`;

/** Title of its alert. */
export const messageOf = (beat: Pick<Heartbeat, 'name' | 'alertMessage'>) =>
  beat.alertMessage || `Heartbeat “${beat.name}” did not come`;
