/** The situation report: one page that says how things stand, built from a few indexed reads (M23a). */
import { type Ctx, sayDuration } from '#kernel';
import { detailOf } from './detail.ts';
import { headOf, recentEntries } from './record/queries.ts';
import { missingRoles } from './roles/unfilled.ts';
import { readSituationSections } from './sections.ts';
import { readIncident } from './store.ts';

const RECENT = 15;

/** The report as data, and as text a person can paste or read out. Throws 404. */
export async function situationOf(ctx: Ctx, idOrKey: string) {
  const { missing, ...report } = await gather(ctx, idOrKey);
  return { ...report, text: inWords({ ...report, missing }, ctx.now) };
}

type Report = Awaited<ReturnType<typeof gather>>;

async function gather(ctx: Ctx, idOrKey: string) {
  const incident = await detailOf(ctx, idOrKey);
  const [missing, recent, head, inFlight] = await Promise.all([
    readIncident(ctx, incident.id).then((row) => missingRoles(ctx, row)),
    recentEntries(ctx, incident.id, RECENT),
    headOf(ctx, incident.id),
    readSituationSections(ctx, incident.id),
  ]);
  const latest = incident.impact.samples.at(-1);
  return {
    key: incident.key,
    title: incident.title,
    severity: incident.severity,
    phase: incident.phase,
    exercise: incident.exercise,
    at: ctx.now,
    impact: {
      services: incident.affected,
      startedAt: incident.times.impactStartedAt,
      customers: latest?.customers ?? null,
      pctRequests: latest?.pctRequests ?? null,
    },
    roles: incident.roles,
    unfilled: missing.map(({ role }) => role.key),
    missing,
    hypotheses: incident.hypotheses.map(({ text, state }) => ({ text, state })),
    actionsInFlight: inFlight,
    nextDecisions: [
      ...incident.approvals
        .filter((one) => one.state === 'pending')
        .map((one) => ({ title: one.title, reason: `${one.requester.name} waits for an answer` })),
      ...incident.gates
        .filter((gate) => gate.state === 'open')
        .map((gate) => ({ title: `${gate.kind} holds ${gate.holds}`, reason: gate.reasons.join('; ') })),
    ],
    nextUpdateDueAt: incident.nextUpdateDueAt,
    recent,
    entries: head.seq,
    next: incident.next,
  };
}

const list = (label: string, items: string[]): string => `${label}: ${items.length > 0 ? items.join('; ') : 'none'}`;

function inWords(report: Report, now: Date): string {
  const since = report.impact.startedAt ? ` for ${sayDuration(now.getTime() - report.impact.startedAt.getTime())}` : '';
  const reach = [
    report.impact.customers === null ? '' : `${report.impact.customers} customers`,
    report.impact.pctRequests === null ? '' : `${report.impact.pctRequests} % of requests`,
  ].filter(Boolean);
  return [
    `${report.exercise ? 'EXERCISE ' : ''}${report.key} SEV${report.severity}: ${report.title}`,
    `Status ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC: ${report.phase.replace('_', ' ')}`,
    list(`Affected${since}`, [
      ...report.impact.services.map(
        (service) => `${service.name} (${service.effect.replace('_', ' ')}, ${service.phase})`,
      ),
      ...reach,
    ]),
    list(
      'Roles',
      report.roles.map((held) => `${held.title} ${held.person.name}${held.accepted ? '' : ' (called)'}`),
    ),
    ...(report.unfilled.length > 0
      ? [
          list(
            'Nobody yet',
            report.missing.map(({ role }) => role.title),
          ),
        ]
      : []),
    list(
      'Hypotheses',
      report.hypotheses.map((one) => `${one.text} (${one.state})`),
    ),
    list(
      'In flight',
      report.actionsInFlight.map((one) => `${one.title} (${one.state})`),
    ),
    list(
      'Open',
      report.nextDecisions.map((one) => `${one.title}: ${one.reason}`),
    ),
    `Next update: ${report.nextUpdateDueAt ? `${report.nextUpdateDueAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'none promised'}`,
    `Next step: ${report.next.title}. ${report.next.reason}`,
  ].join('\n');
}
