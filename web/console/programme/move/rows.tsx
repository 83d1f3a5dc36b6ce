/** The plan of an import: what would change, kind by kind, what needs a person first. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { ImportPlan, ImportRow } from '#contract/programme';
import { Section, Shape, StateBadge, TextLink } from '../../../kit/index.ts';
import classes from './move.module.css';
import { asks, KINDS, ORDER, placeOf, rowTone, rowWord } from './words.ts';

interface Choice {
  chosen: Set<string>;
  choose: (key: string, on: boolean) => void;
  disabled: boolean;
}

export function Rows({ plan, choice }: { plan: ImportPlan; choice: Choice }) {
  return (
    <>
      {KINDS.map(([kind, title]) => {
        const rows = plan.rows
          .filter((row) => row.kind === kind)
          .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
        return rows.length > 0 && <Kind key={kind} title={title} rows={rows} choice={choice} />;
      })}
      {plan.notes.length > 0 && (
        <Section title="Besides" description="What has no row of its own.">
          <Notes notes={plan.notes} />
        </Section>
      )}
    </>
  );
}

/** What is the same is not read again, unless its people on call differ. */
const isQuiet = (row: ImportRow) => row.state === 'same' && row.check?.agrees !== false;

function Kind({ title, rows, choice }: { title: string; rows: ImportRow[]; choice: Choice }) {
  const quiet = rows.filter(isQuiet);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.filter((row) => !isQuiet(row));
  return (
    <Section title={title} description={countText(rows)} flush>
      {shown.length > 0 && (
        <ul className={classes.rows} aria-label={title}>
          {shown.map((row) => (
            <Row key={row.key} row={row} choice={choice} />
          ))}
        </ul>
      )}
      {quiet.length > 0 && (
        <div className={classes.more}>
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? 'Hide what is the same' : `Show ${quiet.length} that ${quiet.length === 1 ? 'is' : 'are'} the same`}
          </Button>
        </div>
      )}
    </Section>
  );
}

/** `2 new, 1 not carried`. */
const countText = (rows: ImportRow[]) =>
  ORDER.toReversed()
    .map((state) => [rows.filter((row) => row.state === state).length, rowWord(state).toLowerCase()] as const)
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .reverse()
    .join(', ');

function Row({ row, choice }: { row: ImportRow; choice: Choice }) {
  const own = row.notes.find((note) => note.text === row.why);
  const notes = row.notes.filter((note) => note !== own);
  return (
    <li className={classes.row}>
      <div className={classes.state}>
        <StateBadge state={row.state} tone={rowTone(row.state)} label={rowWord(row.state)} />
      </div>
      <div className={classes.what}>
        <p className={classes.name}>
          {row.ownId ? <TextLink to={placeOf(row.kind, row.ownId)}>{row.name}</TextLink> : <b>{row.name}</b>}
          {row.about && <span className={classes.about}>{row.about}</span>}
        </p>
        {row.why && <p className={classes.why}>{row.why}</p>}
        {own && asks(own.todo) && <p className={classes.todo}>{own.todo}</p>}
        {row.changes.length > 0 && (
          <dl className={classes.changes}>
            {row.changes.map((change) => (
              <div key={change.field}>
                <dt>{change.field}</dt>
                <dd>
                  <del>{change.from}</del> <span aria-hidden="true">→</span> <ins>{change.to}</ins>
                </dd>
              </div>
            ))}
          </dl>
        )}
        {row.check && (
          <p className={classes.check} data-agrees={row.check.agrees}>
            <Shape tone={row.check.agrees ? 'ok' : 'warn'} size={14} /> {row.check.text}
          </p>
        )}
        <Notes notes={notes} />
        {row.choosable && (
          <Checkbox
            mt={6}
            size="sm"
            label={row.ownId ? 'Take it as it is there' : 'Make it again'}
            checked={choice.chosen.has(row.key)}
            disabled={choice.disabled}
            onChange={(event) => choice.choose(row.key, event.currentTarget.checked)}
          />
        )}
      </div>
    </li>
  );
}

/** What is different, and what to do about it. */
export function Notes({ notes }: { notes: { name?: string; text: string; todo: string }[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className={classes.notes}>
      {notes.map((note) => (
        <li key={`${note.name ?? ''}${note.text}`}>
          {note.name && <b>{note.name}: </b>}
          {note.text}
          {asks(note.todo) && <span className={classes.todo}>{note.todo}</span>}
        </li>
      ))}
    </ul>
  );
}
