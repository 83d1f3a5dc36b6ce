/** The case a group stands in: what probably caused it and why, what stands beneath it, and how to take a service out. */
import { Button } from '@mantine/core';
import { endpoints as signals, type CaseMember, type CaseOfGroup, type Correlation } from '#contract/signals';
import {
  Ago,
  ConfirmButton,
  Hint,
  Loaded,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { AlertSeverity } from './badges.tsx';
import classes from './case.module.css';

const plural = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;

/** Where a member's reader is sent: to the group whose people were asked. */
export function Beneath({ of }: { of: CaseOfGroup }) {
  return (
    <Hint tone="notice" title={`Part of a case. Probable origin: ${of.origin.name}`}>
      {of.reasons.join('; ')}. <TextLink to={`/alerts/${of.leadGroupId}`}>Open the case</TextLink>
    </Hint>
  );
}

export function Case({ of }: { of: CaseOfGroup }) {
  const query = useQueryOf(signals.getCorrelation, { params: { id: of.id } });
  return <Loaded query={query}>{(found) => <Opened found={found} of={of} />}</Loaded>;
}

function Opened({ found, of }: { found: Correlation; of: CaseOfGroup }) {
  const open = found.state === 'open';
  const mayUndo = useMay('signals.undoCorrelation');
  const undo = useCommand(signals.undoCorrelation, { done: 'Each group stands on its own again.' });
  const services = Map.groupBy(found.members, ({ service }) => service?.id ?? '');
  return (
    <Section
      title={open ? `Probable origin: ${found.origin.name}` : `It was thought to come from ${found.origin.name}`}
      description={`${plural(of.alerts, 'alert')} in ${plural(of.groups, 'group')} of ${plural(of.services, 'service')} · ${
        of.held === 0 ? 'nobody is held back' : `nobody is asked about ${of.held} of them`
      }`}
      actions={
        open &&
        mayUndo && (
          <ConfirmButton
            variant="default"
            size="xs"
            title="Undo this case?"
            consequences={[
              'Each group stands on its own again.',
              'Whoever was not asked because of it is asked now, where it still fires.',
              'These groups are not brought together again.',
            ]}
            confirm="Undo"
            onConfirm={() => undo.mutateAsync({ params: { id: found.id }, body: {} })}
          >
            Undo
          </ConfirmButton>
        )
      }
    >
      <ul className={classes.reasons} aria-label="Why">
        {found.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {!open && found.endedAt && (
        <p className={classes.dim}>
          Ended <When at={found.endedAt} />
          {found.endedReason && `: ${found.endedReason}`}
        </p>
      )}
      <ul className={classes.members} aria-label="Services in this case">
        {[...services.values()].map((members) => (
          <Service key={members[0]!.groupId} found={found} members={members} />
        ))}
      </ul>
      <TextLink to={`/map?node=${found.origin.id}`}>Show on the map</TextLink>
    </Section>
  );
}

function Service({ found, members }: { found: Correlation; members: CaseMember[] }) {
  const [first] = members;
  const { service } = first!;
  const mayChange = useMay('signals.separateService');
  const separate = useCommand(signals.separateService, { done: 'It stands on its own. Its people are asked.' });
  const rejoin = useCommand(signals.rejoinService, { done: 'It is part of the case again.' });
  const out = found.separated.find((one) => one.service.id === service?.id);
  const leads = members.some(({ groupId }) => groupId === found.leadGroupId);
  const input = { params: { id: found.id }, body: { serviceId: service?.id ?? '' } };
  return (
    <li>
      <div className={classes.service}>
        <b>{service?.name ?? 'Service not known'}</b>
        {service?.id === found.origin.id && <StateBadge state="origin" tone="danger" label="Probable origin" />}
        {leads && <StateBadge state="asked" tone="idle" label="Its people were asked" quiet />}
        {members.some(({ held }) => held) && <StateBadge state="held" tone="notice" label="Held" quiet />}
        {out && <StateBadge state="out" tone="notice" label={`Taken out by ${out.by}`} quiet />}
        <span className={classes.grow} />
        {found.state === 'open' &&
          mayChange &&
          !leads &&
          service &&
          (out ? (
            <Button size="compact-xs" variant="subtle" loading={rejoin.isPending} onClick={() => rejoin.mutate(input)}>
              Put back
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="subtle"
              loading={separate.isPending}
              onClick={() => separate.mutate(input)}
              aria-label={`Take ${service.name} out of the case`}
            >
              Take out
            </Button>
          ))}
      </div>
      <ul className={classes.groups}>
        {members.map((member) => (
          <li key={member.groupId}>
            <AlertSeverity severity={member.severity} quiet />{' '}
            {member.groupId === found.leadGroupId ? (
              member.title
            ) : (
              <TextLink to={`/alerts/${member.groupId}`}>{member.title}</TextLink>
            )}{' '}
            <span className={classes.dim}>
              {member.state === 'resolved' ? 'resolved' : plural(member.firingCount, 'alert')} · since{' '}
              <Ago at={member.since} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
