/** What was suggested at triage in the last weeks and what people made of it, and the rules that Orchardline has for its alerts. */
import { newId } from '#kernel';
import { saveRule } from '#signals';
import type { Company } from './company.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;

type Kind = 'severity' | 'service' | 'playbook' | 'fix';
/** Per incident of the last weeks, the oldest first: what became of each suggestion. Once in a while people know better. */
const MADE_OF_IT: readonly Partial<Record<Kind, 'accepted' | 'refused' | 'other' | 'shown'>>[] = [
  { severity: 'other', service: 'accepted', fix: 'accepted' },
  { severity: 'accepted', service: 'accepted', playbook: 'refused', fix: 'refused' },
  { severity: 'accepted', playbook: 'accepted', fix: 'accepted' },
  { severity: 'accepted', service: 'refused', playbook: 'accepted', fix: 'shown' },
  { severity: 'accepted', service: 'accepted', playbook: 'accepted', fix: 'accepted' },
];

/** Past suggestions as rows: their incidents are over, so no command would take them any more. */
export async function rememberTriage(stage: Stage, by: string): Promise<void> {
  const weeks = new Date(stage.now.getTime() - 80 * 86_400_000);
  const past = await stage.db
    .selectFrom('incidents.incidents')
    .select(['id', 'severity', 'declaredAt'])
    .where('exercise', '=', false)
    .where('declaredAt', '>', weeks)
    .orderBy('declaredAt')
    .execute();
  const playbook = await stage.db.selectFrom('playbooks.playbooks').select(['id', 'title']).limit(1).executeTakeFirst();
  const service = await stage.db.selectFrom('catalog.services').select(['id', 'name']).limit(1).executeTakeFirst();
  for (const [n, incident] of past.entries()) {
    const values: Record<Kind, { value: string; label: string } | undefined> = {
      severity: { value: String(incident.severity), label: `SEV${incident.severity}` },
      service: service && { value: service.id, label: service.name },
      playbook: playbook && { value: playbook.id, label: playbook.title },
      fix: past[n - 1] && { value: past[n - 1]!.id, label: 'What ended the one before' },
    };
    for (const [kind, state] of Object.entries(MADE_OF_IT[n % MADE_OF_IT.length]!) as [Kind, 'accepted'][]) {
      const what = values[kind];
      if (!what) continue;
      const decided = state === ('shown' as string) ? null : new Date(incident.declaredAt.getTime() + 3 * MINUTE);
      await stage.db
        .insertInto('playbooks.suggestions')
        .values({
          ...{ id: newId('sug'), incidentId: incident.id, kind, ...what, reasons: ['as it was known then'], score: 70 },
          ...{ detail: '{}', state, via: decided && (n % 2 === 0 ? 'click' : 'hand'), exercise: false },
          ...{ shownAt: incident.declaredAt, shownTo: by, decidedAt: decided, decidedBy: decided && by },
        } as never)
        .execute();
    }
  }
}

/** Two rules as teams have them after a year. */
export async function setRules(stage: Stage, company: Company, who: string): Promise<void> {
  const payments = company.services.get('payments-api')!.id;
  await stage.at(stage.now, who, (ctx) =>
    saveRule(ctx, {
      kind: 'triage',
      name: 'Alerts about PayBridge go to Payments',
      spec: { when: 'event.title.contains("PayBridge")', then: { serviceId: payments } },
    }),
  );
  await stage.at(stage.now, who, (ctx) =>
    saveRule(ctx, {
      kind: 'triage',
      name: 'Reports may wait for the morning',
      spec: { when: 'labels.team == "reporting"', then: { urgency: 'low' } },
    }),
  );
  await stage.at(stage.now, who, (ctx) =>
    saveRule(ctx, {
      kind: 'grouping',
      name: 'Ingest errors by region',
      spec: { labels: ['region'], windowMinutes: 15 },
    }),
  );
}
