/** The list of what needs me: the reason, how long it has waited, and the one button. */
import { Button } from '@mantine/core';
import {
  IconBuildingStore,
  IconArrowsExchange,
  IconBellRinging,
  IconBook2,
  IconChecklist,
  IconFlame,
  IconMasksTheater,
  IconSpeakerphone,
  IconSquareCheck,
  IconThumbUp,
  IconTool,
  IconUserQuestion,
  IconUsersGroup,
} from '@tabler/icons-react';
import { endpoints as people } from '#contract/people';
import type { Need, NeedKind } from '#contract/programme';
import { Ago, Countdown, ExerciseBadge, LinkButton, Section, TextLink, useCommand } from '../../kit/index.ts';
import classes from './home.module.css';

const icons: Record<NeedKind, typeof IconTool> = {
  page: IconBellRinging,
  incident: IconFlame,
  update: IconSpeakerphone,
  approval: IconThumbUp,
  handover: IconArrowsExchange,
  role: IconUserQuestion,
  task: IconSquareCheck,
  exercise: IconMasksTheater,
  review: IconBook2,
  action: IconChecklist,
  bench: IconUsersGroup,
  supplier: IconBuildingStore,
  setup: IconTool,
};

/** What hurts while it waits stands apart from what has time. */
export function NeedList({ needs }: { needs: Need[] }) {
  const now = needs.filter((need) => need.urgency === 'now');
  const rest = needs.filter((need) => need.urgency !== 'now');
  return (
    <>
      {now.length > 0 && <Part title="Now" needs={now} />}
      {rest.length > 0 && <Part title={now.length > 0 ? 'After that' : 'When you have a moment'} needs={rest} />}
    </>
  );
}

function Part({ title, needs }: { title: string; needs: Need[] }) {
  return (
    <Section title={title} flush>
      <ul className={classes.needs}>
        {needs.map((need, i) => (
          <Row key={need.id} need={need} first={i === 0} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ need, first }: { need: Need; first: boolean }) {
  const Icon = icons[need.kind];
  const urgent = need.urgency === 'now';
  return (
    <li className={classes.need} data-urgent={urgent || undefined} data-exercise={need.exercise || undefined}>
      <span className={classes.icon}>
        <Icon size={20} stroke={1.7} aria-hidden="true" />
      </span>
      <div className={classes.words}>
        <TextLink to={need.to} className={classes.title}>
          {need.title}
        </TextLink>
        {need.exercise && <ExerciseBadge />}
        <p>
          {need.reason}
          {need.due ? (
            <>
              {' · '}
              <Countdown at={need.due} />
            </>
          ) : (
            need.since && (
              <>
                {' · '}
                <Ago at={need.since} />
              </>
            )
          )}
        </p>
      </div>
      <Step need={need} filled={urgent && first} />
    </li>
  );
}

/** Acknowledging needs no other screen; everything else leads to where it is done. */
function Step({ need, filled }: { need: Need; filled: boolean }) {
  const acknowledge = useCommand(people.acknowledge, { done: 'Page acknowledged: it is yours now' });
  const variant = filled ? 'filled' : 'default';
  if (!need.pageId) {
    return (
      <LinkButton to={need.to} variant={variant} aria-label={`${need.step}: ${need.title}`}>
        {need.step}
      </LinkButton>
    );
  }
  const id = need.pageId;
  return (
    <Button
      variant={variant}
      loading={acknowledge.isPending}
      onClick={() => acknowledge.mutate({ params: { id } })}
      aria-label={`${need.step}: ${need.title}`}
    >
      {need.step}
    </Button>
  );
}
