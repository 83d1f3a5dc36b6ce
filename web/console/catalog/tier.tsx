/** A service's tier, in words. */
import { Tooltip } from '@mantine/core';

export const tierWords = {
  1: 'Critical',
  2: 'Important',
  3: 'Internal',
} as const;
const help = {
  1: 'A critical journey of customers runs through it',
  2: 'Important, but customers can do the essential without it',
  3: 'Internal, or can wait',
} as const;

export const TierBadge = ({ tier }: { tier: 1 | 2 | 3 }) => (
  <Tooltip label={help[tier]} openDelay={250} events={{ hover: true, focus: true, touch: true }}>
    <span>
      {tier} · {tierWords[tier]}
    </span>
  </Tooltip>
);
