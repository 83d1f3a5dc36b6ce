/** What customers were told in a past incident: a first message and a resolution, written by one and published by another. */
import { publish, startDraft } from '#comms';
import { after, impactStart } from './cases.ts';
import { publicWords } from './data/messages.ts';
import { responses } from './data/roles.ts';
import { incidentOf, type Scene } from './scene.ts';

const clock = (at: Date) => `${at.toISOString().slice(11, 16)} UTC`;
const MINUTE = 60_000;

/** Minutes until the next word, as the first message and the later ones named them. */
export const FIRST_PROMISE = 15;
export const promiseOf = (severity: number): number => (severity === 1 ? 20 : severity === 2 ? 30 : 120);

/** Writer and publisher are two people, as the rules want it. */
export async function tell(scene: Scene, when: Date, kind: 'initial' | 'update' | 'resolution'): Promise<void> {
  const { stage, past, company } = scene;
  const words = publicWords[past.story]!;
  const { commander, speaker } = responses[past.story]!;
  const incidentId = incidentOf(scene);
  const begun = clock(impactStart(past, stage.now));
  const componentId = company.componentOf.get(past.service);
  const states = (state: 'partial_outage' | 'operational') => (componentId ? { [componentId]: state } : {});
  const fields =
    kind !== 'resolution'
      ? {
          headline: words.headline,
          impact: `Since ${begun} ${words.impact}`,
          known: [words.known],
          unknown: [words.unknown],
          doing: [words.doing],
          protection: 'We pause what could make it worse for you.',
          customerActions: words.action === 'none' ? ('none' as const) : [words.action],
          dataImpact: {
            state: 'under_investigation' as const,
            sentence: 'We are checking whether any data is affected.',
            evidence: '',
          },
          nextUpdateBy: new Date(
            when.getTime() + (kind === 'initial' ? FIRST_PROMISE : promiseOf(past.severity)) * MINUTE,
          ).toISOString(),
          apology: kind === 'initial' ? words.apology : '',
          componentStates: states('partial_outage'),
        }
      : {
          headline: words.over,
          impact: `From ${begun} to ${clock(after(past, stage.now, past.impactEnd) as Date)} ${words.was}`,
          customerActions: 'none' as const,
          dataImpact: {
            state: 'none_verified' as const,
            sentence: 'We have checked the orders and payments of that time.',
            evidence: 'Counts of orders, payments and messages compared with the event log',
          },
          apology: words.apology,
          componentStates: states('operational'),
        };
  const draft = await stage.at(when, speaker, (ctx) => startDraft(ctx, { incidentId, kind, fields }));
  await stage.at(when, commander, (ctx) => publish(ctx, { id: draft.id }));
}
