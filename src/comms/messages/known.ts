/** What the record knows that a message may use: how far it reaches, the playbook's facts, earlier incidents like this one. */
import { lookalikesOfIncident } from '#incidents';
import type { Ctx } from '#kernel';
import { runsOf } from '#playbooks';
import type { Incident } from '../incident.ts';
import type { RecordFacts, RecurrenceFacts, UpdateFields } from '../lint/index.ts';

/** The newest measure of the record. */
export async function latestImpact(ctx: Ctx, incidentId: string) {
  return ctx.db
    .selectFrom('incidents.impactSamples')
    .select(['at', 'customers', 'pctRequests'])
    .where('incidentId', '=', incidentId)
    .where('at', '<=', ctx.now)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function recordFacts(ctx: Ctx, incidentId: string): Promise<RecordFacts> {
  const sample = await latestImpact(ctx, incidentId);
  return {
    pctRequests: sample?.pctRequests ?? null,
    customers: sample?.customers == null ? null : Number(sample.customers),
    stage: null,
  };
}

/** A share as people say it: `about 1 in 5`, `about half`. */
export function sayShare(percent: number): string {
  if (percent >= 95) return 'almost all';
  if (percent >= 70) return `about ${Math.round(percent / 10)} in 10`;
  if (percent >= 45 && percent <= 55) return 'about half';
  if (percent > 55) return 'about 2 in 3';
  if (percent < 0.1) return 'fewer than 1 in 1000';
  const n = 100 / percent;
  return `about 1 in ${n < 10 ? Math.round(n) : n < 100 ? Math.round(n / 5) * 5 : Math.round(n / 50) * 50}`;
}

/** The line about how well it works now, with the time of its measure; null without one (M57b). */
export async function expectationOf(ctx: Ctx, incidentId: string): Promise<UpdateFields['expectation']> {
  const sample = await latestImpact(ctx, incidentId);
  if (!sample) return null;
  const share = sample.pctRequests;
  const text =
    share === null
      ? `${Number(sample.customers).toLocaleString('en')} customers are affected.`
      : share === 0
        ? 'All requests go through.'
        : `${sayShare(share).replace(/^./, (c) => c.toUpperCase())} requests ${share > 55 ? 'do' : 'does'} not go through.`;
  return { text, asOf: sample.at.toISOString() };
}

/** What the newest playbook of the incident says to customers; empty when it says nothing. */
export async function playbookFacts(
  ctx: Ctx,
  incidentId: string,
): Promise<{ impact?: string | undefined; protection?: string | undefined; customer_actions?: string | undefined }> {
  const runs = (await runsOf(ctx, incidentId)).filter(({ run }) => run.state !== 'cancelled');
  return runs.at(-1)?.version.parsed.spec.communications?.facts ?? {};
}

/** What was changed after earlier incidents. Filled by the module above that keeps improvements. */
export interface Changes {
  done: string[];
  open: { title: string; due: string | null }[];
}
let changes: (ctx: Ctx, incidentIds: string[]) => Promise<Changes> = async () => ({ done: [], open: [] });

/** Lets the module that keeps improvements say what was changed since. Call it once, where it is loaded. */
export function changesFrom(source: typeof changes): void {
  changes = source;
}
export const changesAfter = (ctx: Ctx, incidentIds: string[]): Promise<Changes> => changes(ctx, incidentIds);

const LOOK_BACK_MS = 180 * 86_400_000;
/** Alike enough to be offered (5.6). */
export const ALIKE = 0.55;

/** Incidents that may be the same again, for a person to confirm, and what was decided about each. */
export async function recurrenceCandidates(ctx: Ctx, incident: Incident) {
  const decided = await ctx.db
    .selectFrom('comms.recurrences')
    .select(['earlierId', 'state'])
    .where('incidentId', '=', incident.id)
    .execute();
  const found = (await lookalikesOfIncident(ctx, incident.id)).filter(
    (one) => one.score >= ALIKE && one.incident.declaredAt.getTime() >= ctx.now.getTime() - LOOK_BACK_MS,
  );
  return found.map((one) => ({
    incidentId: one.incident.id,
    key: one.incident.key,
    title: one.incident.title,
    likeness: Math.round(one.score * 100) / 100,
    declaredAt: one.incident.declaredAt.toISOString(),
    state: decided.find(({ earlierId }) => earlierId === one.incident.id)?.state ?? ('open' as const),
  }));
}

export interface Earlier {
  id: string;
  publicId: string | null;
  startedAt: Date;
  endedAt: Date | null;
  alike: string;
}

/** Confirmed earlier incidents, newest first; `publicId` only of those customers were told of. */
export async function confirmedEarlier(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Earlier[]> {
  const rows = await ctx.db
    .selectFrom('comms.recurrences as r')
    .innerJoin('incidents.incidents as i', 'i.id', 'r.earlierId')
    .leftJoin('comms.incidentPages as p', (join) =>
      join.onRef('p.incidentId', '=', 'i.id').on('p.withdrawnAt', 'is', null),
    )
    .select(['i.id', 'p.publicId', 'i.impactStartedAt', 'i.declaredAt', 'i.impactEndedAt', 'i.restoredAt', 'r.alike'])
    .where('r.incidentId', '=', incidentId)
    .where('r.state', '=', 'confirmed')
    .orderBy('i.declaredAt', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    publicId: row.publicId,
    startedAt: row.impactStartedAt ?? row.declaredAt,
    endedAt: row.impactEndedAt ?? row.restoredAt,
    alike: row.alike,
  }));
}

export async function recurrenceFacts(ctx: Ctx, incidentId: string): Promise<RecurrenceFacts> {
  const earlier = await confirmedEarlier(ctx, incidentId);
  const { done } =
    earlier.length > 0
      ? await changesAfter(
          ctx,
          earlier.map(({ id }) => id),
        )
      : { done: [] };
  return { earlier: earlier.map(({ id, publicId }) => ({ id, publicId })), done: done.length };
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const day = (at: Date) => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
const minutes = (from: Date, to: Date) => Math.max(1, Math.round((to.getTime() - from.getTime()) / 60_000));
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The paragraph about earlier incidents: when, what was alike, what is changed since and what is not, and how it compares. */
export function recurrenceParagraph(
  earlier: Earlier[],
  { done, open }: Changes,
  now: { startedAt: Date; endedAt: Date | null },
): UpdateFields['recurrence'] {
  const told = earlier.filter(({ publicId }) => publicId !== null);
  const [last] = told;
  if (!last) return null;
  const days = told.map(({ startedAt }) => day(startedAt));
  const parts = [
    days.length === 1
      ? `A similar event happened on ${days[0]}.`
      : `Similar events happened on ${days.slice(0, -1).join(', ')} and ${days.at(-1)}.`,
    ...(last.alike ? [sentence(last.alike)] : []),
    ...done.slice(0, 3).map((what) => sentence(`Since then this is done: ${what}`)),
    ...open.slice(0, 2).map(({ title, due }) => sentence(`Still in work: ${title}${due ? `, due ${due}` : ''}`)),
    ...(done.length + open.length === 0 ? ['Nothing has been changed since that we could name here.'] : []),
  ];
  if (last.endedAt && now.endedAt)
    parts.push(
      `This time it took ${minutes(now.startedAt, now.endedAt)} minutes, compared with ${minutes(last.startedAt, last.endedAt)}.`,
    );
  return { text: parts.join(' '), refs: told.slice(0, 5).flatMap(({ publicId }) => publicId ?? []) };
}
