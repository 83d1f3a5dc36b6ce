/** Small things several parts of the war room use. */
import { Text } from '@mantine/core';
import { StateBadge } from '../../../kit/index.ts';

/** Shown where a list is empty: one line, no drama. */
export const None = ({ children }: { children: React.ReactNode }) => (
  <Text c="dimmed" fz="sm">
    {children}
  </Text>
);

export const GateBadge = ({ state }: { state: string }) =>
  state === 'closed' ? <StateBadge state="met" label="Met" quiet /> : <StateBadge state={state} quiet />;
