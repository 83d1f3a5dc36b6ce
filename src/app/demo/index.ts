/** Fills an empty installation with Orchardline, a fictional company with a year behind it; leaves any other alone. */
import { config, type Ctx, type House } from '#kernel';
import { command, setupNeeded, systemActor } from '#security';
import { openInvite } from '../../security/store.ts';
import { foundCompany } from './company.ts';
import { pastIncidents } from './data/incidents.ts';
import { mailOf, people } from './data/people.ts';
import { makeExact } from './exact.ts';
import { countFigures, playsOf } from './history.ts';
import { setScene } from './case.ts';
import { setRoster } from './roster.ts';
import type { Play, Traces } from './scene.ts';
import { watchOrders } from './metrics.ts';
import { noteOldDelays, playsOfReview, rememberDrills } from './lessons.ts';
import { showPages } from './pages.ts';
import { rememberTriage, setRules } from './triage.ts';
import { clockOf, closeStage, lastJob, openStage } from './stage.ts';

const first = people[0]!;

/** Plays the whole past in one transaction: it is all there, or nothing is. */
const playPast = command('app.loadDemo', { allow: 'internal' }, async (ctx: Ctx, _: Record<string, never>) => {
  const ahead = await clockOf(ctx);
  const afterJob = await lastJob(ctx);
  const stage = openStage(ctx);
  const company = await foundCompany(stage);
  const traces: Traces = { incidents: new Map() };
  const plays: Play[] = pastIncidents.flatMap((past) => [
    ...playsOf(stage, company, traces, past),
    ...playsOfReview(stage, traces, past),
  ]);
  // The stories overlap; each step is played in its own order of time.
  for (const play of plays.sort((a, b) => a.at.getTime() - b.at.getTime())) await play.run();
  await makeExact(stage, traces, pastIncidents);
  await rememberDrills(stage, company.services);
  await noteOldDelays(stage);
  await countFigures(stage, traces);
  await watchOrders(stage, company.services.get('order-api')!.id, first.name);
  await setRoster(stage, company);
  await showPages(stage);
  await rememberTriage(stage, stage.idOf(first.name));
  await setRules(stage, company, first.name);
  await setScene(stage, company);
  await closeStage(ctx, ahead, afterJob);
});

/** A link with which the demo's administrator chooses a password; `undefined` once that has been done. */
async function signInLink(ctx: Ctx): Promise<string | undefined> {
  const user = await ctx.db
    .selectFrom('security.users')
    .select(['id', 'passwordHash'])
    .where('email', '=', mailOf(first.name))
    .executeTakeFirst();
  if (!user || user.passwordHash) return undefined;
  const { token } = await openInvite(ctx, user.id);
  return `${config.publicUrl}/join?token=${token}`;
}

/** Loads the demo company; refuses on an installation that is in use. Answers what to say to who started it. */
export async function loadDemo(house: House): Promise<string[]> {
  const ctx = await house.ctx(systemActor('demo'));
  const fresh = await setupNeeded(ctx.db);
  if (fresh) {
    await playPast(ctx, {});
    for (const module of house.modules) if (module.name === 'comms') await module.onStart?.(house);
  }
  const link = await signInLink(ctx);
  const known = await ctx.db
    .selectFrom('security.users')
    .select('id')
    .where('email', '=', mailOf(first.name))
    .executeTakeFirst();
  if (!known) return ['This installation is in use, so the demo company was left out.'];
  const lines = fresh ? ['Orchardline, a company that does not exist, is loaded with a year behind it.'] : [];
  if (link) return [...lines, `Sign in as ${first.name}, its administrator (works once): ${link}`];
  return [...lines, `Orchardline is here already; sign in as ${mailOf(first.name)} with the password you chose.`];
}
