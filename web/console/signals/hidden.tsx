/** What was hidden in the last seven days: by what, who set it, how much, and whether somebody was asked all the same. */
import { endpoints as signals, type Hidden, type Hider } from '#contract/signals';
import { Ago, Loaded, Section, StateBadge, TextLink, useQueryOf, When } from '../../kit/index.ts';
import { AlertSeverity } from './badges.tsx';
import classes from './signals.module.css';

const KINDS = {
  silence: 'Silence',
  maintenance: 'Maintenance',
  rule: 'Rule',
  inhibition: 'Inhibition rule',
} as const;
const count = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** The same that the owners read by mail each Monday, up to now. */
export function WhatWasHidden() {
  const hidden = useQueryOf(signals.hidden);
  return (
    <Section
      title="Hidden in the last seven days"
      description="What kept people from being asked, the worst first. Each Monday its owners and the administrators get this by mail."
    >
      <Loaded query={hidden} lines={3}>
        {(data) => (
          <>
            {data.items.length + data.refusing.length === 0 && (
              <div className={classes.dim}>Nothing was hidden: everything that should call somebody did.</div>
            )}
            {data.items.map((one) => (
              <OneHider key={`${one.kind}:${one.id}`} one={one} />
            ))}
            {data.refusing.map((one) => (
              <Refused key={one.id} one={one} />
            ))}
            <LastMail digest={data.lastDigest} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function OneHider({ one }: { one: Hider }) {
  const asked =
    one.asked === 0 ? 'nobody was asked about any of them' : `somebody was asked about ${one.asked} of them`;
  const more = one.groups - one.examples.length;
  return (
    <div className={classes.hider}>
      <div className={classes.title}>
        <strong>{one.name}</strong>
        <StateBadge
          state={one.kind}
          label={one.on ? KINDS[one.kind] : `${KINDS[one.kind]}, over`}
          tone={one.on ? 'warn' : 'idle'}
        />
      </div>
      <div>
        Hid {count(one.groups, 'alert group')} ({count(one.alerts, 'alert')}
        {one.critical > 0 && <strong>, {one.critical} critical</strong>}); {asked}. The last <Ago at={one.lastAt} />.
      </div>
      <div className={classes.dim}>
        Set by {one.setBy ?? 'nobody known; the audit log has it'}
        {one.reason && `: ${one.reason}`}
        {one.endsAt && one.on && (
          <>
            , until <When at={one.endsAt} />
          </>
        )}
        {one.services.length > 0 && `. Services: ${one.services.map(({ name }) => name).join(', ')}`}
      </div>
      {one.examples.map(({ id, title, severity }) => (
        <div key={id} className={classes.title}>
          <AlertSeverity severity={severity} quiet />
          <TextLink to={`/alerts/${id}`}>{title}</TextLink>
        </div>
      ))}
      {more > 0 && <div className={classes.dim}>and {more} more</div>}
    </div>
  );
}

const Refused = ({ one }: { one: Hidden['refusing'][number] }) => (
  <div className={classes.hider}>
    <div className={classes.title}>
      <TextLink to={`/settings/integrations/${one.id}`}>{one.name}</TextLink>
      <StateBadge state="off" label="Switched off" tone="warn" />
    </div>
    <div>
      Still sent to: {count(one.refused, 'post')} refused, the last <Ago at={one.lastAt} />. What came is not kept.
    </div>
  </div>
);

function LastMail({ digest }: { digest: Hidden['lastDigest'] }) {
  if (!digest) return <div className={classes.dim}>No week has ended yet.</div>;
  return (
    <div className={classes.dim}>
      {digest.told > 0
        ? `The last mail went to ${count(digest.told, 'person').replace('persons', 'people')} `
        : 'The last week had nothing to tell, '}
      <When at={digest.sentAt} />.
    </div>
  );
}
