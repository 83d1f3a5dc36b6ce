/** The war room of one incident: what is happening, the one next step, the work, and the live record beside it. */
import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ReactNode, startTransition, useEffect, useMemo, useState } from 'react';
import { endpoints as incidents, type Incident } from '#contract/incidents';
import {
  Ago,
  Duration,
  FoldWhenNarrow,
  Loading,
  Page,
  PhaseSteps,
  ProblemAlert,
  Section,
  SeverityBadge,
  TextLink,
  useGo,
  usePageParams,
  useQueryOf,
} from '../../../kit/index.ts';
import { openPlace, warRoomActions, warRoomPanels } from '../slots.ts';
import { Approvals } from './approvals.tsx';
import { firstPage } from './entries.ts';
import { useRoomKeys } from './keys.ts';
import { Lanes } from './lanes.tsx';
import { News } from './news.tsx';
import { Presence } from './presence.tsx';
import { Questions } from './questions.tsx';
import { type DialogKind, type OpenDialog, RoomContext } from './context.tsx';
import { Dialogs } from './dialogs/index.tsx';
import { Affected, Alerts, Facts } from './facts.tsx';
import { Decisions, Hypotheses, Tasks } from './findings.tsx';
import { Duties } from './duties.tsx';
import { NextBar, type Place, Ways } from './next-bar.tsx';
import { NextCard } from './next-card.tsx';
import { Origin } from './origin.tsx';
import { People } from './people.tsx';
import classes from './room.module.css';
import { ChatRooms, JoinCall } from './talk.tsx';
import { Timeline } from './timeline.tsx';

export function WarRoom() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(incidents.get, { params: { id } });
  // Asked for beside the incident and not after it: the record is what one reads first.
  useQueryOf(incidents.timeline, firstPage(id));
  if (query.data) return <Room incident={query.data} named={id} />;
  return (
    <Page title={id.toUpperCase()} crumbs={[{ label: 'Incidents', to: '/incidents' }]}>
      {query.error ? <ProblemAlert error={query.error} retry={() => void query.refetch()} /> : <Loading lines={6} />}
    </Page>
  );
}

/** `named`: as the address names it, which is how the record was asked for. */
function Room({ incident, named }: { incident: Incident; named: string }) {
  const go = useGo();
  const [dialog, setDialog] = useState<OpenDialog>();
  const [total, setTotal] = useState<number>();
  useRoomKeys();
  const room = useMemo(
    () => ({
      incident,
      open: (kind: DialogKind, target?: string) => setDialog({ kind, target }),
      show: (target: string) => {
        setDialog(undefined);
        // After the dialog has given the focus back.
        setTimeout(() => openPlace(target, go), 0);
      },
    }),
    [incident, go],
  );
  return (
    <RoomContext.Provider value={room}>
      <Page
        title={incident.title}
        tab={incident.key}
        width="wide"
        exercise={incident.exercise}
        crumbs={[{ label: 'Incidents', to: '/incidents' }]}
        badges={<SeverityBadge severity={incident.severity} />}
        subtitle={<Standing incident={incident} />}
        actions={
          <>
            <Presence incidentId={incident.id} />
            <Actions incident={incident} open={room.open} />
          </>
        }
      >
        <PhaseSteps phase={incident.phase} />
        <NextBar places={placesOf(incident)} show={room.show} />
        <Ways places={placesOf(incident)} show={room.show} label="In this room" />
        <div className={classes.room}>
          <div className={classes.work}>
            <NextCard />
            <Origin incidentId={incident.id} />
            <News incidentId={incident.id} total={total} />
            <Then>
              <Approvals />
              <FoldWhenNarrow>
                <Duties />
              </FoldWhenNarrow>
              <Panels column="main" incident={incident} />
              <FoldWhenNarrow>
                <Lanes />
              </FoldWhenNarrow>
            </Then>
          </div>
          <Timeline incidentId={named} onTotal={setTotal} />
          <div className={classes.facts}>
            <Then>
              <FoldWhenNarrow>
                <div>
                  <People />
                  <Affected />
                  <Alerts />
                  <Facts />
                </div>
                <div>
                  <Hypotheses />
                  <Questions />
                  <Decisions />
                  <Tasks />
                  <Panels column="side" incident={incident} />
                </div>
              </FoldWhenNarrow>
            </Then>
          </div>
        </div>
      </Page>
      {dialog && <Dialogs dialog={dialog} onClose={() => setDialog(undefined)} />}
    </RoomContext.Provider>
  );
}

/** What may come a moment later: the next step and the record are on the screen before it is begun. */
function Then({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(false);
  useEffect(() => startTransition(() => setNow(true)), []);
  return now ? children : null;
}

/** One line that says it all to who has just woken up. */
function Standing({ incident }: { incident: Incident }) {
  const lead = incident.roles.find(({ role }) => role === 'incident_commander');
  const since = incident.times.impactStartedAt ?? incident.times.declaredAt;
  const until = incident.times.impactEndedAt ?? incident.times.restoredAt;
  const names = incident.affected.map(({ name }) => name).join(', ');
  return (
    <span className={classes.standing}>
      <b>{incident.key}</b>
      <span>{names || 'no service named yet'}</span>
      <span>
        {incident.active ? 'for' : 'lasted'}{' '}
        <Duration from={since} to={incident.active ? undefined : (until ?? incident.declaredAt)} />
      </span>
      <span>
        {lead
          ? `${lead.person.name} ${lead.accepted ? 'leads' : 'is called to lead'}`
          : incident.active
            ? 'nobody leads'
            : 'no one leads any more'}
      </span>
      <span>
        declared <Ago at={incident.declaredAt} /> by{' '}
        {incident.declaredBy.id.startsWith('system:') ? 'policy, from an alert' : incident.declaredBy.name}
      </span>
      {incident.mergedInto && (
        <span>
          merged into <TextLink to={`/incidents/${incident.mergedInto.key}`}>{incident.mergedInto.key}</TextLink>
        </span>
      )}
      {incident.recursOf && (
        <span>
          refers to <TextLink to={`/incidents/${incident.recursOf.key}`}>{incident.recursOf.key}</TextLink>
        </span>
      )}
      <ChatRooms incidentId={incident.id} />
      {incident.endedReason && <span>{incident.endedReason}</span>}
    </span>
  );
}

function Actions({ incident, open }: { incident: Incident; open: (kind: DialogKind) => void }) {
  const { active, phase } = incident;
  const may: [DialogKind, string, boolean][] = [
    ['change_severity', 'Change severity', active || phase === 'restored'],
    ['add_service', 'Name an affected service', active],
    ['record_impact', 'Note the impact', active],
    ['edit', 'Edit title and summary', true],
    ['restore', 'Declare restored', active],
    ['relapse', 'It is back: reopen', phase === 'verification' || phase === 'restored'],
    ['move_back', 'Go back to an earlier phase', active && phase !== 'detection'],
    ['merge', 'Merge into another incident', active],
    ['dismiss', 'Dismiss as a false alarm', phase === 'detection'],
  ];
  return (
    <>
      <JoinCall incidentId={incident.id} />
      {warRoomActions().map((Action, at) => (
        // The list is fixed when the console is built.
        <Action key={at} incidentId={incident.id} />
      ))}
      <Button variant="default" onClick={() => open('situation')}>
        Situation report
      </Button>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" aria-label="More steps" px="xs">
            <IconDots size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may
            .filter(([, , possible]) => possible)
            .map(([kind, label]) => (
              <Menu.Item key={kind} onClick={() => open(kind)}>
                {label}
              </Menu.Item>
            ))}
          <Menu.Item component="a" href={`/api/v1/incidents/${incident.id}/export`} download={`${incident.key}.json`}>
            Export the whole record
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Recovery comes first once one recovers; before that customers wait more urgently than its criteria. */
const RECOVERING = ['eradication', 'recovery', 'verification', 'restored'];
const rank = (incident: Incident, panel: { id: string; order: number }): number =>
  panel.id === 'recovery' ? (RECOVERING.includes(incident.phase) ? 5 : 35) : panel.order;

const shown = (incident: Incident, column: 'main' | 'side') =>
  warRoomPanels()
    .filter((panel) => (panel.column ?? 'main') === column && (panel.shows?.(incident) ?? true))
    .toSorted((a, b) => rank(incident, a) - rank(incident, b));

/** What the modules above bring, each in its own card. */
function Panels({ column, incident }: { column: 'main' | 'side'; incident: Incident }) {
  return (
    <>
      {shown(incident, column).map(({ id, title, component: Panel, bare }) =>
        bare ? (
          <div key={id} id={id} className={classes.place}>
            <Panel incidentId={incident.id} />
          </div>
        ) : (
          <Section key={id} id={id} title={title}>
            <Panel incidentId={incident.id} />
          </Section>
        ),
      )}
    </>
  );
}

/** The ways through the room, in the order in which things stand below each other. */
const placesOf = (incident: Incident): Place[] => [
  ...(incident.approvals.some(({ state }) => state === 'pending') ? [{ id: 'approvals', title: 'Waiting' }] : []),
  ...shown(incident, 'main').map(({ id, title }) => ({ id, title })),
  { id: 'timeline', title: 'Timeline' },
  { id: 'people', title: 'People' },
  { id: 'affected', title: 'Affected' },
  { id: 'lanes', title: 'Lanes' },
  { id: 'questions', title: 'Questions' },
  { id: 'tasks', title: 'Tasks' },
];
