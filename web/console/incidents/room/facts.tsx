/** What is affected and how far it reaches, the alerts and calls behind it, and the clock marks. */
import { Button, Stack, Text } from '@mantine/core';
import { endpoints as people } from '#contract/people';
import {
  Ago,
  Duration,
  Facts as FactList,
  PersonName,
  Section,
  StateBadge,
  TextLink,
  useMay,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import { None } from './bits.tsx';
import { EFFECTS, useRoom } from './context.tsx';
import { Impact } from './impact.tsx';
import { SeverityHint } from './severity.tsx';
import classes from './room.module.css';

export function Affected() {
  const { incident, open } = useRoom();
  const may = useMay('incidents.setService') && incident.active;
  return (
    <Section
      title="Affected"
      id="affected"
      actions={
        may && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => open('record_impact')}>
              Note impact
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => open('add_service')}>
              Add service
            </Button>
          </>
        )
      }
    >
      <Stack gap="sm">
        {incident.affected.length === 0 && <None>No service is named yet.</None>}
        <ul className={classes.lines}>
          {incident.affected.map((service) => (
            <li key={service.serviceId} className={classes.row}>
              <div>
                <Text fz="sm" fw={550}>
                  {service.name}
                </Text>
                <Text fz="xs" c="dimmed">
                  {service.tier ? `Tier ${service.tier}, ` : ''}
                  {service.phase}
                </Text>
              </div>
              {may ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => open('add_service', service.serviceId)}
                  aria-label={`${service.name}: change effect`}
                >
                  {effectLabel(service.effect)}
                </Button>
              ) : (
                <Text fz="sm">{effectLabel(service.effect)}</Text>
              )}
            </li>
          ))}
        </ul>
        <Impact incident={incident} />
        <SeverityHint />
      </Stack>
    </Section>
  );
}

const effectLabel = (effect: string): string => EFFECTS.find(({ value }) => value === effect)?.label ?? effect;

export function Alerts() {
  const { incident } = useRoom();
  // For an incident that people declared, what there is to show is whether somebody was called.
  const calls = useQueryOf(people.pages, { query: { state: 'all', subject: incident.id, limit: 5 } });
  if (incident.groups.length === 0 && !calls.data?.items.length) return null;
  return (
    <Section title="Alerts and calls" id="alerts">
      <Stack gap="sm">
        <ul className={classes.lines}>
          {incident.groups.map((group) => (
            <li key={group.groupId} className={classes.row}>
              <TextLink to={`/alerts/${group.groupId}`} fz="sm">
                {group.title}
              </TextLink>
              <StateBadge state={group.state} quiet />
            </li>
          ))}
        </ul>
        {[incident.id, ...incident.groups.map(({ groupId }) => groupId)].map((subject) => (
          <Calls key={subject} subject={subject} />
        ))}
      </Stack>
    </Section>
  );
}

/** Who was called about this, and which message did not arrive. */
function Calls({ subject }: { subject: string }) {
  const { data } = useQueryOf(people.pages, { query: { state: 'all', subject, limit: 5 } });
  return (
    <>
      {data?.items.map((page) => (
        <div key={page.id} className={classes.row}>
          <div>
            <Text fz="sm">
              {page.acknowledgedBy
                ? `${page.acknowledgedBy.name} took it`
                : page.called.length > 0
                  ? `Calling ${page.called.map(({ name }) => name).join(', ')}`
                  : 'Nobody could be called'}
            </Text>
            <Undelivered pageId={page.id} />
          </div>
          <StateBadge state={page.state} quiet />
        </div>
      ))}
    </>
  );
}

/** Messages of a page that did not arrive; one line for each way to a person, however often it was tried. */
function Undelivered({ pageId }: { pageId: string }) {
  const { data } = useQueryOf(people.page, { params: { id: pageId } });
  const lost = (data?.log ?? []).filter(
    ({ delivery, reason }) =>
      reason === 'not_delivered' || (delivery && !['delivered', 'withdrawn'].includes(delivery.state)),
  );
  const lines = lost.map((line) =>
    [
      `Not delivered${line.channel ? ` by ${line.channel}` : ''}${line.person ? ` to ${line.person.name}` : ''}`,
      line.delivery?.error ?? '',
    ]
      .filter(Boolean)
      .join(': '),
  );
  return (
    <>
      {[...new Set(lines)].map((line) => (
        <Text key={line} fz="xs" className={classes.lost}>
          {line}
        </Text>
      ))}
    </>
  );
}

export function Facts() {
  const { incident } = useRoom();
  const { times, durations } = incident;
  const marks: [string, string | null, number | null][] = [
    ['Impact began', times.impactStartedAt, null],
    ['Detected', times.detectedAt, durations.timeToDetect],
    ['Declared', times.declaredAt, null],
    ['Acknowledged', times.acknowledgedAt, null],
    ['First containment action', times.containmentStartedAt, null],
    ['Contained', times.containedAt, durations.containment],
    ['Cause removed', times.eradicatedAt, null],
    ['Verification began', times.verificationStartedAt, null],
    ['Impact ended', times.impactEndedAt, durations.customerImpact],
    ['Restored', times.restoredAt, durations.timeToRecover],
    ['Closed', times.closedAt, null],
  ];
  const known = marks.filter(([, at]) => at !== null);
  return (
    <Section title="Times" id="times" description="Durations are computed from the record.">
      <FactList
        items={[
          ...known.map(([label, at, seconds]) => ({
            label,
            value: (
              <>
                <When at={at} />
                {label === 'Impact began' && incident.impactStartConfidence === 'estimated' && ' (estimated)'}
                {seconds !== null && (
                  <Text span c="dimmed" fz="sm">
                    {' '}
                    <Duration seconds={seconds} />
                  </Text>
                )}
              </>
            ),
          })),
          ...(incident.acknowledgedBy
            ? [{ label: 'Acknowledged by', value: <PersonName person={incident.acknowledgedBy} plain /> }]
            : []),
        ]}
      />
    </Section>
  );
}
