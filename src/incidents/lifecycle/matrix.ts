/** The severity matrix: how important a service is times how it is affected gives the severity proposed; a person decides. */
import { EFFECT_WEIGHT, type Effect } from '../measures.ts';
import type { Severity } from './model.ts';
import type { Tier } from './severity.ts';

export interface MatrixCell {
  tier: Tier;
  effect: Effect;
  severity: Severity;
}

const row = (tier: Tier, by: Record<Effect, Severity>): MatrixCell[] =>
  (Object.entries(by) as [Effect, Severity][]).map(([effect, severity]) => ({ tier, effect, severity }));

/** Domain 2.3: a tier-1 journey unusable or data wrong is SEV1, impaired is SEV2, a lost tier-2 service is SEV2, and so on. */
export const DEFAULT_MATRIX: MatrixCell[] = [
  ...row(1, { down: 1, wrong_data: 1, partial: 2, slow: 3, none: 4 }),
  ...row(2, { down: 2, wrong_data: 2, partial: 3, slow: 3, none: 4 }),
  ...row(3, { down: 3, wrong_data: 3, partial: 4, slow: 4, none: 4 }),
];

export interface Hit {
  name: string;
  tier: number | null;
  effect: Effect;
  /** False: nobody has said how it is affected, so the matrix says nothing about it. */
  stated: boolean;
}

export interface Proposed {
  severity: Severity;
  /** "Checkout (tier 1) is down". */
  because: string;
}

export const EFFECT_WORDS: Record<Effect, string> = {
  none: 'not affected',
  slow: 'slow',
  partial: 'partly down',
  down: 'down',
  wrong_data: 'giving wrong data',
};

/** The worst cell that is hit; null while no effect has been stated. A service without a tier counts as tier 1: highest plausible. */
export function proposeByMatrix(matrix: readonly MatrixCell[], services: readonly Hit[]): Proposed | null {
  const hits = services
    .filter(({ stated }) => stated)
    .flatMap((service) => {
      const cell = matrix.find(({ tier, effect }) => tier === (service.tier ?? 1) && effect === service.effect);
      return cell ? [{ service, severity: cell.severity }] : [];
    })
    .toSorted((a, b) => a.severity - b.severity || EFFECT_WEIGHT[b.service.effect] - EFFECT_WEIGHT[a.service.effect]);
  const worst = hits[0];
  if (!worst) return null;
  const { name, tier, effect } = worst.service;
  return {
    severity: worst.severity,
    because: `${name} (tier ${tier ?? 'unknown, taken as 1'}) is ${EFFECT_WORDS[effect]}`,
  };
}
