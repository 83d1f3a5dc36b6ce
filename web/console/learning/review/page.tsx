/** A review: what people write, beside the record it is written from. */
import { Button, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';
import { endpoints as learning, type Review } from '#contract/learning';
import {
  ConfirmButton,
  Countdown,
  call,
  Hint,
  Loaded,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  SeverityBadge,
  TextLink,
  useCommand,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import { useQueryClient } from '@tanstack/react-query';
import { ActionItem } from '../action/item.tsx';
import { Propose } from '../action/propose.tsx';
import { useWords } from '../action/dialogs.tsx';
import classes from '../learning.module.css';
import { ReviewState } from '../reviews.tsx';
import { Assign } from './assign.tsx';
import { Causes } from './causes.tsx';
import { useDraft } from './draft.ts';
import { Findings } from './findings.tsx';
import { Measures, RecordPanel } from './record.tsx';
import { Texts } from './texts.tsx';

export function ReviewPage() {
  const { id } = usePageParams<'id'>();
  const review = useQueryOf(learning.getReview, { params: { id } });
  if (!review.data) {
    return (
      <Page title="Review" crumbs={[{ label: 'Reviews', to: '/reviews' }]}>
        <Loaded query={review}>{() => null}</Loaded>
      </Page>
    );
  }
  return <Editor key={review.data.id} review={review.data} />;
}

function Editor({ review }: { review: Review }) {
  const edit = useDraft(review);
  const finished = review.state === 'reviewed' || review.state === 'closed';
  const writable = useMay('learning.editReview') && !finished;
  const words = useWords();
  const save = useCommand(learning.editReview, { done: 'Saved', onDone: edit.take, problems: 'inline' });
  const run = () =>
    edit.dirty && save.mutate({ params: { id: review.id }, body: { version: edit.base.version, ...edit.changes } });
  useHotkeys([['mod+S', () => void run()]], []);
  return (
    <Page
      title={`Review of ${review.incident.key}`}
      crumbs={[{ label: 'Reviews', to: '/reviews' }]}
      width="wide"
      exercise={review.exercise}
      badges={
        <>
          <SeverityBadge severity={review.incident.severity} short />
          <ReviewState review={review} />
        </>
      }
      subtitle={<Standing review={review} />}
      actions={!finished && <Head review={review} dirty={edit.dirty} />}
    >
      <div className={classes.beside}>
        <Stack gap="lg" miw={0}>
          <Section title="In numbers" description="Computed from the record; nobody types them.">
            <Measures measures={review.measures} />
          </Section>
          <Texts draft={edit.draft} onChange={edit.setDraft} words={words} readOnly={!writable} />
          <Causes draft={edit.draft} onChange={edit.setDraft} words={words} readOnly={!writable} />
          <Findings draft={edit.draft} onChange={edit.setDraft} words={words} readOnly={!writable} />
          <Improvements review={review} writable={writable} />
          {writable && (edit.dirty || save.error) && (
            <div className={classes.saveBar} role="status">
              <div>
                {edit.behind ? (
                  <Hint tone="notice" title="Somebody saved meanwhile.">
                    Your words are still here.{' '}
                    <Button size="compact-xs" variant="subtle" onClick={() => edit.rebase(review)}>
                      Keep mine on top
                    </Button>
                  </Hint>
                ) : save.error ? (
                  <ProblemAlert error={save.error} />
                ) : (
                  'Not saved yet'
                )}
              </div>
              <Button loading={save.isPending} onClick={() => void run()} disabled={edit.behind}>
                Save
              </Button>
            </div>
          )}
        </Stack>
        <RecordPanel review={review} />
      </div>
    </Page>
  );
}

function Standing({ review }: { review: Review }) {
  return (
    <>
      <TextLink to={`/incidents/${review.incident.key}`}>{review.incident.title}</TextLink>
      {' · owner '}
      <PersonName person={review.owner} none="not named yet" plain />
      {review.facilitator && (
        <>
          {' · facilitator '}
          <PersonName person={review.facilitator} plain />
        </>
      )}
      {' · '}
      {review.finishedAt ? (
        <>
          finished <When at={review.finishedAt} />
        </>
      ) : (
        <>
          due <When at={review.dueAt} none="not set" /> (<Countdown at={review.dueAt} />)
        </>
      )}
      {review.askedBecause && ` · asked for because ${review.askedBecause}`}
    </>
  );
}

/** Finishing is the one obvious step; what it still lacks is said before it is tried. */
function Head({ review, dirty }: { review: Review; dirty: boolean }) {
  const client = useQueryClient();
  const may = useMay('learning.finishReview');
  const [assigning, setAssigning] = useState(false);
  const lacking = review.missing.map(({ message }) => message);
  return (
    <>
      {may && (
        <Button variant="default" onClick={() => setAssigning(true)}>
          Owner and facilitator
        </Button>
      )}
      {may && (
        <ConfirmButton
          variant={lacking.length === 0 && !dirty ? 'filled' : 'default'}
          title={`Finish the review of ${review.incident.key}?`}
          consequences={
            dirty
              ? ['What you have written is not saved yet: save it first.']
              : lacking.length > 0
                ? ['It still lacks:', ...lacking]
                : [
                    'The texts stay as they are from now on, with the figures of this moment.',
                    review.items.some((item) => item.state === 'confirmed' || item.state === 'in_progress')
                      ? 'The loop closes when the last improvement is done.'
                      : 'No improvement is open, so the loop closes with it.',
                  ]
          }
          confirm="Finish the review"
          onConfirm={async () => {
            await call(learning.finishReview, { params: { id: review.id } });
            await client.invalidateQueries();
          }}
        >
          Finish
        </ConfirmButton>
      )}
      {assigning && <Assign review={review} onClose={() => setAssigning(false)} />}
    </>
  );
}

function Improvements({ review, writable }: { review: Review; writable: boolean }) {
  return (
    <Section
      title="Improvements"
      description="Proposals first, apart from what happened. Each needs a verdict before the review can be finished."
      flush
      id="improvements"
    >
      <ul className={classes.actions}>
        {review.items.map((action) => (
          <ActionItem key={action.id} action={action} inReview />
        ))}
      </ul>
      {writable && <Propose reviewId={review.id} />}
    </Section>
  );
}
