/** One post as it was received: for finding out why a source is not understood. */
import { endpoints as signals } from '#contract/signals';
import {
  CopyBlock,
  Facts,
  Hint,
  Loaded,
  Mono,
  Page,
  Section,
  StateBadge,
  TextLink,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { pretty } from './alert-item.tsx';

export function OneSignal() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(signals.getSignal, { params: { id } });
  return (
    <Loaded query={query} lines={6}>
      {(signal) => (
        <Page
          title={`Signal from ${signal.integration.name}`}
          crumbs={[{ label: 'Integrations', to: '/settings/integrations' }]}
          exercise={signal.exercise}
          badges={
            <StateBadge
              state={signal.state}
              tone={signal.state === 'rejected' ? 'danger' : signal.state === 'processed' ? 'ok' : 'notice'}
            />
          }
          subtitle={<When at={signal.receivedAt} seconds />}
        >
          {signal.reason && (
            <Hint tone={signal.state === 'rejected' ? 'warn' : 'notice'} title="Why:">
              {signal.reason}
            </Hint>
          )}
          <Section title="What it did">
            <Facts
              items={[
                { label: 'Alerts touched', value: signal.effects.length },
                ...signal.effects.slice(0, 20).map((effect) => ({
                  label: effect.effect,
                  value: effect.alertId ? (
                    <Mono>{effect.dedupKey}</Mono>
                  ) : (
                    `${effect.dedupKey} (no alert of this key was firing)`
                  ),
                })),
                { label: 'Content type', value: signal.contentType || 'none' },
                { label: 'Size', value: `${signal.bodySize} bytes` },
                ...Object.entries(signal.headers).map(([label, value]) => ({
                  label,
                  value,
                })),
              ]}
            />
          </Section>
          <Section title="As received" description="The sender’s key is blanked out.">
            <CopyBlock
              label="Body"
              value={pretty(signal.body)}
              hint={signal.bodyCut ? 'Only the first 64 KiB are shown.' : undefined}
            />
          </Section>
          <p>
            <TextLink to="/settings/integrations">All integrations</TextLink>
          </p>
        </Page>
      )}
    </Loaded>
  );
}
