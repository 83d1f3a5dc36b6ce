/** One alert in its group: folded to a line; unfolded with labels, links, counts over time and the post as received. */
import { Anchor, Button, Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { type Alert, type AlertDetail, endpoints as signals } from '#contract/signals';
import { Ago, CopyBlock, Hint, Loaded, Mono, StateBadge, TextLink, useQueryOf, When } from '../../kit/index.ts';
import { AlertSeverity } from './badges.tsx';
import classes from './signals.module.css';

export function AlertItem({ alert, startOpen }: { alert: Alert; startOpen: boolean }) {
  const [open, setOpen] = useState(startOpen);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <button type="button" className={classes.alertHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron size={16} aria-hidden="true" />
        <b>
          {alert.title}
          {alert.source && <span className={classes.source}> {alert.source}</span>}
        </b>
        <AlertSeverity severity={alert.severity} quiet />
        <StateBadge state={alert.state} quiet />
        <span className={classes.dim}>
          {alert.count} × · <Ago at={alert.lastAt} />
        </span>
      </button>
      <Collapse expanded={open}>{open && <AlertBody id={alert.id} />}</Collapse>
    </li>
  );
}

function AlertBody({ id }: { id: string }) {
  const query = useQueryOf(signals.getAlert, { params: { id } });
  return (
    <div className={classes.alertBody}>
      <Loaded query={query} lines={4}>
        {(alert) => <AlertFacts alert={alert} />}
      </Loaded>
    </div>
  );
}

function AlertFacts({ alert }: { alert: AlertDetail }) {
  const labels = Object.entries(alert.labels);
  const details = Object.keys(alert.details).length > 0;
  return (
    <>
      {alert.description && <p className={classes.prose}>{alert.description}</p>}
      {alert.links.length > 0 && (
        <div className={classes.links}>
          {alert.links.map((link) => (
            <Anchor fz="sm" key={link.href} href={link.href} rel="noreferrer noopener" target="_blank">
              {link.text}
            </Anchor>
          ))}
        </div>
      )}
      {labels.length > 0 && (
        <ul className={classes.labels} aria-label="Labels">
          {labels.map(([name, value]) => (
            <li key={name}>
              <b>{name}</b> {value}
            </li>
          ))}
        </ul>
      )}
      {alert.marks.length > 0 && (
        <Hint tone="notice">Changed or assumed on the way in: {alert.marks.map(sayMark).join(', ')}.</Hint>
      )}
      <Counts alert={alert} />
      <span className={classes.dim}>
        Key <Mono>{alert.dedupKey}</Mono>
        {alert.startedAt && (
          <>
            {' '}
            · its source says it began <When at={alert.startedAt} seconds />
          </>
        )}
      </span>
      {details && <CopyBlock label="What its source sent besides" value={JSON.stringify(alert.details, null, 2)} />}
      <Raw signalId={alert.lastSignalId} />
    </>
  );
}

const marks: Record<string, string> = {
  sanitized: 'characters that cannot be stored were replaced',
  severity_assumed: 'severity was not given, so “error”',
  time_unusable: 'a time of the source cannot be meant',
  time_ahead: 'a time of the source lies ahead',
  link_refused: 'a link was not http or https',
  alerts_unreadable: 'other alerts of the same post could not be read',
  sender_unproven: 'nobody we believe has said that the mail is really from this sender',
  quarantined: 'stands for a signal that could not be processed',
};
const sayMark = (mark: string) => marks[mark] ?? (mark.startsWith('cut:') ? `${mark.slice(4)} was cut to size` : mark);

/** Triggers over time, in at most thirty slices from the first shown to the last. */
function Counts({ alert }: { alert: AlertDetail }) {
  const times = alert.occurrences
    .filter(({ effect }) => effect !== 'resolved' && effect !== 'acknowledged')
    .map(({ at }) => Date.parse(at));
  if (times.length < 2) return null;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const slices = Array.from({ length: Math.min(30, times.length) }, () => 0);
  for (const at of times)
    slices[Math.min(slices.length - 1, Math.floor(((at - first) / Math.max(1, last - first)) * slices.length))]! += 1;
  const highest = Math.max(...slices);
  return (
    <figure style={{ margin: 0 }}>
      <div
        className={classes.bars}
        role="img"
        aria-label={`Reported ${alert.count} times; the last ${times.length} over time, at most ${highest} in one slice`}
      >
        {slices.map((n, index) => (
          <span key={index} data-some={n > 0 || undefined} style={{ height: `${Math.max(4, (n / highest) * 100)}%` }} />
        ))}
      </div>
      <figcaption className={classes.axis}>
        <When at={new Date(first).toISOString()} />
        <span>
          {alert.count === times.length
            ? `${alert.count} times`
            : `${alert.count} times, the last ${times.length} shown`}
        </span>
        <When at={new Date(last).toISOString()} />
      </figcaption>
    </figure>
  );
}

/** The last post as it was received, asked for only when wanted. */
function Raw({ signalId }: { signalId: string }) {
  const [wanted, setWanted] = useState(false);
  const query = useQueryOf(signals.getSignal, { params: { id: signalId } }, { enabled: wanted });
  if (!wanted) {
    return (
      <div>
        <Button size="xs" variant="default" onClick={() => setWanted(true)}>
          Show the last post as received
        </Button>
      </div>
    );
  }
  return (
    <Loaded query={query} lines={3}>
      {(signal) => (
        <CopyBlock
          label="Last post as received"
          value={pretty(signal.body)}
          hint={
            <>
              {signal.bodySize} bytes, <When at={signal.receivedAt} seconds />.{' '}
              <TextLink to={`/signals/${signal.id}`}>Everything about this post</TextLink>
            </>
          }
        />
      )}
    </Loaded>
  );
}

/** JSON with line breaks where it is JSON; what was sent where it is not. */
export function pretty(body: string | null): string {
  if (body === null) return 'The body is past its retention and was forgotten.';
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
