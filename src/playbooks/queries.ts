/** Reads of playbooks and runs, for screens and for the modules above. */
import { type Ctx, decodeCursor, encodeCursor, notFound } from '#kernel';
import { personRefs } from '#security';
import { outlineOf, readiness } from './format/outline.ts';
import { parsePlaybook } from './format/parse.ts';
import type { Playbook } from './format/schema.ts';
import { incidentFacts } from './incident.ts';
import { fit } from './runs/model.ts';
import type { PlaybookRow, RunRow, VersionRow } from './store.ts';

type Reader = Pick<Ctx, 'db'>;

/** The version in force; undefined when none is approved. */
export const approvedVersion = (ctx: Reader, playbookId: string): Promise<VersionRow | undefined> =>
  ctx.db
    .selectFrom('playbooks.versions')
    .selectAll()
    .where('playbookId', '=', playbookId)
    .where('state', '=', 'approved')
    .executeTakeFirst();

/** The run of a playbook that is under way for an incident. */
export const runsWith = (ctx: Reader, incidentId: string, playbookId: string): Promise<{ id: string } | undefined> =>
  ctx.db
    .selectFrom('playbooks.runs as r')
    .innerJoin('playbooks.versions as v', 'v.id', 'r.versionId')
    .select('r.id')
    .where('r.incidentId', '=', incidentId)
    .where('v.playbookId', '=', playbookId)
    .where('r.state', '=', 'active')
    .executeTakeFirst();

/** Runs of an incident with their pinned versions, oldest first. */
export async function runsOf(ctx: Reader, incidentId: string): Promise<{ run: RunRow; version: VersionRow }[]> {
  const runs = await ctx.db
    .selectFrom('playbooks.runs')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('startedAt')
    .execute();
  if (runs.length === 0) return [];
  const ids = runs.map((run) => run.versionId);
  const versions = await ctx.db.selectFrom('playbooks.versions').selectAll().where('id', 'in', ids).execute();
  return runs.map((run) => ({
    run,
    version: versions.find((one) => one.id === run.versionId)!,
  }));
}

/** What the newest run's playbook says about readiness and health; null when no playbook runs or it says nothing. */
export async function readinessOf(ctx: Reader, incidentId: string) {
  const runs = (await runsOf(ctx, incidentId)).filter(({ run }) => run.state !== 'cancelled');
  for (const { run, version } of runs.toReversed()) {
    const found = readiness(version.parsed);
    if (found)
      return {
        runId: run.id,
        playbook: version.parsed.metadata.title,
        ...found,
      };
  }
  return null;
}

/** A playbook by id or name. */
export async function playbookById(ctx: Reader, idOrName: string): Promise<PlaybookRow | undefined> {
  return ctx.db
    .selectFrom('playbooks.playbooks')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', idOrName), eb('name', '=', idOrName)]))
    .executeTakeFirst();
}

/** A page of playbooks by name. */
export async function listPlaybooks(ctx: Reader, filter: { limit: number; cursor?: string | undefined }) {
  let query = ctx.db
    .selectFrom('playbooks.playbooks')
    .selectAll()
    .where('retiredAt', 'is', null)
    .orderBy('name')
    .limit(filter.limit + 1);
  if (filter.cursor) query = query.where('name', '>', String(decodeCursor('playbooks', filter.cursor)[0]));
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const items = await Promise.all(page.map((row) => summaryOf(ctx, row)));
  return {
    items,
    nextCursor: rows.length > filter.limit ? encodeCursor('playbooks', [page.at(-1)!.name]) : null,
  };
}

async function summaryOf(ctx: Reader, row: PlaybookRow) {
  const versions = await versionsOf(ctx, row.id);
  const approved = versions.find((one) => one.state === 'approved');
  const latest = versions[0]!;
  const { metadata, spec } = (approved ?? latest).parsed;
  const runs = await ctx.db
    .selectFrom('playbooks.runs as r')
    .innerJoin('playbooks.versions as v', 'v.id', 'r.versionId')
    .select((eb) => [eb.fn.countAll<string>().as('n'), eb.fn.max('r.startedAt').as('last')])
    .where('v.playbookId', '=', row.id)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    name: row.name,
    title: metadata.title,
    summary: spec.summary,
    services: metadata.services,
    approvedVersion: approved?.version ?? null,
    latestVersion: latest.version,
    draftWaiting: latest.state === 'draft',
    runs: Number(runs.n),
    lastRunAt: runs.last ? new Date(runs.last).toISOString() : null,
  };
}

const versionsOf = (ctx: Reader, playbookId: string): Promise<VersionRow[]> =>
  ctx.db
    .selectFrom('playbooks.versions')
    .selectAll()
    .where('playbookId', '=', playbookId)
    .orderBy('number', 'desc')
    .execute();

export async function versionViews(ctx: Reader, rows: VersionRow[]) {
  const people = await personRefs(
    ctx,
    rows.flatMap((row) => [row.createdBy, row.approvedBy]),
  );
  const person = (id: string) => people.get(id) ?? { id, name: id };
  return rows.map((row) => ({
    id: row.id,
    playbookId: row.playbookId,
    number: row.number,
    version: row.version,
    state: row.state,
    hash: row.hash,
    createdBy: person(row.createdBy),
    createdAt: row.createdAt.toISOString(),
    approvedBy: row.approvedBy ? person(row.approvedBy) : null,
    approvedAt: row.approvedAt?.toISOString() ?? null,
  }));
}

/** A playbook with the source of its newest version. Throws 404. */
export async function playbookDetail(ctx: Pick<Ctx, 'db' | 'now'>, idOrName: string) {
  const row = await playbookById(ctx, idOrName);
  if (!row) throw notFound('Playbook', idOrName);
  const versions = await versionsOf(ctx, row.id);
  const latest = versions[0]!;
  return {
    id: row.id,
    name: row.name,
    title: latest.parsed.metadata.title,
    source: latest.source,
    outline: outlineOf(latest.parsed),
    problems: parsePlaybook(latest.source, ctx.now).problems,
    versions: await versionViews(ctx, versions),
    shown: latest.id,
  };
}

/** Approved playbooks that fit an incident, best first, each with why. Those under way are left out. */
export async function suggestionsFor(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentFacts(ctx, incidentIdOrKey);
  const versions = await ctx.db
    .selectFrom('playbooks.versions as v')
    .innerJoin('playbooks.playbooks as p', 'p.id', 'v.playbookId')
    .selectAll('v')
    .where('v.state', '=', 'approved')
    .where('p.retiredAt', 'is', null)
    .execute();
  const underWay = (await runsOf(ctx, incident.id))
    .filter(({ run }) => run.state === 'active')
    .map(({ version }) => version.playbookId);
  const fitting = versions.flatMap((version) => {
    const found = underWay.includes(version.playbookId) ? null : fit(version.parsed as Playbook, incident);
    return found ? [{ version, ...found }] : [];
  });
  fitting.sort(
    (a, b) => b.score - a.score || a.version.parsed.metadata.title.localeCompare(b.version.parsed.metadata.title),
  );
  return fitting.map(({ version, reasons }) => {
    const { title, version: number, summary, useWhen, inputs } = outlineOf(version.parsed);
    return {
      playbookId: version.playbookId,
      versionId: version.id,
      title,
      version: number,
      summary,
      useWhen,
      inputs,
      reasons,
    };
  });
}
