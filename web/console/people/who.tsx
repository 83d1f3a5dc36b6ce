/** Who is on call, from anywhere: every schedule with its person of now, until when, and who is next. Opened by `w`. */
import { Modal, Table, Text } from '@mantine/core';
import { type OnCall, endpoints as people, type Shift } from '#contract/people';
import { Hint, Loaded, PersonName, TextLink, useMe, useQueryOf, When } from '../../kit/index.ts';
import classes from './people.module.css';
import { sayGap } from './say.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function WhoIsOnCall({ opened, onClose }: Props) {
  const query = useQueryOf(people.onCall, undefined, { enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title="Who is on call" size="xl">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? <Hint>There is no schedule yet.</Hint> : <Everybody items={items} onClose={onClose} />
        }
      </Loaded>
    </Modal>
  );
}

function Everybody({ items, onClose }: { items: OnCall[]; onClose: () => void }) {
  const me = useMe();
  const teams = useQueryOf(people.teams).data?.items ?? [];
  const nameOf = (id: string | null) => teams.find((team) => team.id === id)?.name ?? '';
  const mine = (item: OnCall) => Number(item.now.person?.id === me.user.id);
  // What concerns me first, then team by team.
  const sorted = items.toSorted(
    (a, b) =>
      mine(b) - mine(a) ||
      nameOf(a.schedule.teamId).localeCompare(nameOf(b.schedule.teamId)) ||
      a.schedule.name.localeCompare(b.schedule.name),
  );
  const without = teams.filter((team) => !items.some((item) => item.schedule.teamId === team.id));
  return (
    <>
      <Table.ScrollContainer minWidth={0}>
        <Table className={classes.who} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Schedule</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>Until</Table.Th>
              <Table.Th>Next</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((item) => (
              <Table.Tr key={item.schedule.id}>
                <Table.Th scope="row" fw={500} onClick={onClose}>
                  <TextLink to={`/on-call/${item.schedule.id}`}>{item.schedule.name}</TextLink>
                  <span className={classes.sub}>{nameOf(item.schedule.teamId)}</span>
                </Table.Th>
                <Table.Td>
                  <Who shift={item.now} />
                </Table.Td>
                <Table.Td>{item.next ? <When at={item.now.to} date /> : 'no change in sight'}</Table.Td>
                <Table.Td>{item.next ? <Who shift={item.next} plain /> : '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {without.length > 0 && (
        <Text fz="xs" c="dimmed" mt="sm">
          Without a schedule of their own: {without.map(({ name }) => name).join(', ')}.
        </Text>
      )}
    </>
  );
}

function Who({ shift, plain }: { shift: Shift; plain?: boolean }) {
  if (!shift.person) return <span className={classes.gapNow}>Nobody: {sayGap(shift)}</span>;
  return <PersonName person={shift.person} plain={plain} />;
}
