/** Who does what: roles with their holders, taking one, handing one over. */
import { Button, Group, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { endpoints as incidents } from '#contract/incidents';
import { Ago, Hint, PersonName, Section, useCommand, useMe } from '../../../kit/index.ts';
import { ROLE_TITLES, useRoom } from './context.tsx';
import classes from './room.module.css';

type RoleName = NonNullable<(typeof incidents.assignRole)['body']['_zod']['output']>['role'];
const ALWAYS: RoleName[] = ['incident_commander', 'operations_lead', 'communications_lead', 'scribe'];

export function People() {
  const { incident, open } = useRoom();
  const me = useMe();
  const offer = incident.handovers.find(({ state }) => state === 'offered');
  const held = incident.roles.map(({ role }) => role);
  const shown = [...ALWAYS, ...held.filter((role) => !ALWAYS.includes(role))];
  const rest = (Object.keys(ROLE_TITLES) as RoleName[]).filter(
    (role) => !shown.includes(role) || role === 'subject_matter_expert',
  );
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
                <Menu.Item key={role} onClick={() => open('assign_role', role)}>
                  Assign {ROLE_TITLES[role]?.toLowerCase()}
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
          title={`${offer.from.name} offers ${ROLE_TITLES[offer.role]} to ${offer.to.id === me.user.id ? 'you' : offer.to.name}.`}
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
      <ul className={classes.lines}>
        {[...new Set(shown)].flatMap((role) => {
          const holders = incident.roles.filter((one) => one.role === role);
          return holders.length > 0
            ? holders.map((holder) => <Held key={`${role} ${holder.person.id}`} role={role} holder={holder} />)
            : [<Free key={role} role={role} />];
        })}
      </ul>
    </Section>
  );
}

function Held({
  role,
  holder,
}: {
  role: RoleName;
  holder: { person: { id: string; name: string }; since: string; exception: string | null };
}) {
  const { incident, open } = useRoom();
  const me = useMe();
  return (
    <li className={classes.row}>
      <div>
        <Text fz="xs" c="dimmed">
          {ROLE_TITLES[role]}
        </Text>
        <PersonName person={holder.person} />
        <Text fz="xs" c="dimmed" span>
          {' '}
          since <Ago at={holder.since} />
          {holder.exception && ` (${holder.exception})`}
        </Text>
      </div>
      {incident.active && holder.person.id === me.user.id && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => open('offer_handover', role)}
          aria-label={`Hand over ${ROLE_TITLES[role]}`}
        >
          Hand over
        </Button>
      )}
    </li>
  );
}

function Free({ role }: { role: RoleName }) {
  const { incident, open } = useRoom();
  const take = useCommand(incidents.assignRole, {
    done: `You are ${ROLE_TITLES[role]?.toLowerCase()}`,
    problems: 'notice',
  });
  return (
    <li className={classes.row}>
      <div>
        <Text fz="xs" c="dimmed">
          {ROLE_TITLES[role]}
        </Text>
        <PersonName person={null} none="Nobody yet" />
      </div>
      {incident.active && (
        <Group gap={6} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            loading={take.isPending}
            aria-label={`Take ${ROLE_TITLES[role]}`}
            onClick={() => take.mutate({ params: { id: incident.id }, body: { role } })}
          >
            Take
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => open('assign_role', role)}
            aria-label={`Give ${ROLE_TITLES[role]} to somebody`}
          >
            Give
          </Button>
        </Group>
      )}
    </li>
  );
}
