/** Who does what: roles with their holders, taking one, handing one over. */
import { Button, Group, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { endpoints as incidents, type Incident } from '#contract/incidents';
import { Ago, Hint, PersonName, Section, sentence, StateBadge, useCommand, useMe } from '../../../kit/index.ts';
import { useRoles } from '../../people/role-words.ts';
import { useRoom } from './context.tsx';
import classes from './room.module.css';
import { SpanHint } from './span.tsx';

const ALWAYS: string[] = ['incident_commander', 'operations_lead', 'communications_lead', 'scribe'];

export function People() {
  const { incident, open } = useRoom();
  const me = useMe();
  const offer = incident.handovers.find(({ state }) => state === 'offered');
  const held = incident.roles.map(({ role }) => role);
  const shown = [...new Set([...ALWAYS, ...incident.unfilled.map(({ role }) => role), ...held])];
  const { all, titleOf } = useRoles();
  const rest = all.filter(({ key, shared }) => !shown.includes(key) || shared);
  return (
    <Section
      title="People"
      id="people"
      actions={
        incident.active && (
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <Button size="compact-sm" variant="default" aria-label="Other roles" px={6}>
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {rest.map((role) => (
                <Menu.Item key={role.key} onClick={() => open('assign_role', role.key)}>
                  Assign {role.title.toLowerCase()}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      {offer && (
        <Hint
          tone="notice"
          title={`${offer.from.name} offers ${offer.title} to ${offer.to.id === me.user.id ? 'you' : offer.to.name}.`}
        >
          {offer.brief}
          <Group gap="xs" mt={6}>
            {(offer.to.id === me.user.id || offer.from.id === me.user.id) && (
              <Button
                size="compact-sm"
                variant={offer.to.id === me.user.id ? 'filled' : 'default'}
                onClick={() => open('accept_handover', offer.id)}
              >
                {offer.to.id === me.user.id ? 'Answer' : 'Withdraw'}
              </Button>
            )}
          </Group>
        </Hint>
      )}
      <SpanHint />
      <ul className={classes.lines}>
        {shown.flatMap((role) => {
          const holders = incident.roles.filter((one) => one.role === role);
          return holders.length > 0
            ? holders.map((holder) => <Held key={`${role} ${holder.person.id}`} holder={holder} />)
            : [
                <Free
                  key={role}
                  role={role}
                  title={titleOf(role)}
                  why={incident.unfilled.find((one) => one.role === role)?.why}
                />,
              ];
        })}
      </ul>
    </Section>
  );
}

function Held({ holder }: { holder: Incident['roles'][number] }) {
  const { incident, open } = useRoom();
  const me = useMe();
  const { role, title, accepted } = holder;
  const mine = holder.person.id === me.user.id;
  return (
    <li className={classes.row}>
      <div>
        <Text fz="xs" c="dimmed">
          {title}
        </Text>
        <PersonName person={holder.person} />
        <Text fz="xs" c="dimmed" span>
          {' '}
          {accepted ? 'since' : 'called by the rota'} <Ago at={holder.since} />
          {!accepted && ', no answer yet'}
          {holder.exception && ` (${holder.exception})`}
        </Text>
      </div>
      {incident.active && !accepted && <Take role={role} title={title} label={mine ? 'Accept' : 'Take'} />}
      {incident.active && accepted && mine && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => open('offer_handover', role)}
          aria-label={`Hand over ${title}`}
        >
          Hand over
        </Button>
      )}
    </li>
  );
}

/** Takes a role that is free, or answers the rota's call; what practice lacks is said then. */
function Take({ role, title, label }: { role: string; title: string; label: string }) {
  const { incident } = useRoom();
  const take = useCommand(incidents.assignRole, {
    done: ({ warnings }) => [`You are ${title.toLowerCase()}`, ...warnings].join('. '),
    problems: 'notice',
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={take.isPending}
      aria-label={`${label} ${title}`}
      onClick={() => take.mutate({ params: { id: incident.id }, body: { role } })}
    >
      {label}
    </Button>
  );
}

function Free({ role, title, why }: { role: string; title: string; why?: string }) {
  const { incident, open } = useRoom();
  return (
    <li className={classes.row}>
      <div>
        <Text fz="xs" c="dimmed">
          {title}
        </Text>
        {why ? (
          <>
            <StateBadge state="unfilled" tone="warn" label="Nobody yet" quiet />
            <Text fz="xs" c="dimmed">
              {sentence(why)}
            </Text>
          </>
        ) : (
          <PersonName person={null} none="Nobody yet" />
        )}
      </div>
      {incident.active && (
        <Group gap={6} wrap="nowrap">
          <Take role={role} title={title} label="Take" />
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => open('assign_role', role)}
            aria-label={`Give ${title} to somebody`}
          >
            Give
          </Button>
        </Group>
      )}
    </li>
  );
}
