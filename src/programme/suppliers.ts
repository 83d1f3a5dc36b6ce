/** Third parties whose review or contract needs somebody: their owner, and for those nobody owns whoever manages. */
import { thirdParties } from '#catalog';
import type { Ctx } from '#kernel';
import type { Need } from './model.ts';

const DAY_MS = 86_400_000;
/** A contract that ends this soon needs a decision. */
const SOON_DAYS = 45;

type Party = Awaited<ReturnType<typeof thirdParties>>[number];
const nothing = { since: null, due: null, exercise: false, pageId: null };

function review(party: Party): Need {
  const due = party.reviewDueAt?.toISOString() ?? null;
  return {
    ...nothing,
    id: `supplier:${party.id}`,
    kind: 'supplier',
    title: `Review of the supplier ${party.name} is overdue`,
    reason: party.reviewedAt
      ? 'You answer for it, and the time between reviews is over'
      : 'You answer for it, and it was never reviewed',
    step: 'Review',
    to: `/suppliers?review=${party.slug}`,
    since: due,
    due,
    urgency: 'soon',
  };
}

function contract(party: Party, now: Date): Need | undefined {
  if (!party.contractEnd) return undefined;
  const end = new Date(`${party.contractEnd}T00:00:00Z`);
  const days = Math.ceil((end.getTime() - now.getTime()) / DAY_MS);
  if (days > SOON_DAYS) return undefined;
  return {
    ...nothing,
    id: `contract:${party.id}`,
    kind: 'supplier',
    title:
      days < 0 ? `The contract with ${party.name} has ended` : `The contract with ${party.name} ends in ${days} days`,
    reason: 'You answer for it',
    step: 'Decide',
    to: `/services/${party.slug}/edit`,
    due: end.toISOString(),
    urgency: 'later',
  };
}

/** Reviews and contracts that are mine; those without an owner as one thing for whoever manages. */
export async function suppliers(ctx: Ctx, me: string, manages: boolean): Promise<Need[]> {
  const parties = await thirdParties(ctx);
  const mine = parties.filter((party) => party.owner?.id === me);
  const orphans = parties.filter((party) => party.overdue && party.owner === null);
  const needs = [
    ...mine.filter((party) => party.overdue).map(review),
    ...mine.flatMap((party) => contract(party, ctx.now) ?? []),
  ];
  if (manages && orphans.length > 0)
    needs.push({
      ...nothing,
      id: 'suppliers:nobody',
      kind: 'supplier',
      title:
        orphans.length === 1
          ? `Nobody reviews the supplier ${orphans[0]!.name}`
          : `Nobody reviews ${orphans.length} suppliers`,
      reason: 'Their review is overdue and they have no owner',
      step: 'Name an owner',
      to: '/suppliers',
      urgency: 'later',
    });
  return needs;
}
