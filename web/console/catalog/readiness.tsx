/** How ready a service is: plan, people, practice as a strip of marks, and what to do for each gap. */
import { type ReadinessMark, type ServiceReadiness, endpoints as programme } from '#contract/programme';
import { Loaded, Section, Shape, StateBadge, TextLink, type Tone, useQueryOf } from '../../kit/index.ts';
import classes from './catalog.module.css';

const TONES: Record<ReadinessMark['state'], Tone> = { ok: 'ok', weak: 'notice', missing: 'danger' };
const WORDS: Record<ReadinessMark['state'], string> = { ok: 'there', weak: 'weak', missing: 'missing' };
const PILLARS = [
  ['plan', 'Plan'],
  ['people', 'People'],
  ['practice', 'Practice'],
] as const;

/** The marks without words, for a row of a list. */
export function ReadinessDots({ readiness }: { readiness: ServiceReadiness | undefined }) {
  if (!readiness) return <span className={classes.dim}>–</span>;
  const gaps = readiness.marks.filter(({ state }) => state !== 'ok');
  const label = `${readiness.ok} of ${readiness.of} marks${gaps.length > 0 ? `; ${gaps.map((gap) => `${gap.label} ${WORDS[gap.state]}`).join(', ')}` : ''}`;
  return (
    <span className={classes.dots}>
      <span className={classes.marks} role="img" aria-label={label} title={label}>
        {readiness.marks.map((mark) => (
          <span key={mark.id} data-tone={TONES[mark.state]}>
            <Shape tone={TONES[mark.state]} size={11} />
          </span>
        ))}
      </span>
      <span className={classes.count}>{`${readiness.ok} of ${readiness.of}`}</span>
    </span>
  );
}

/** The strip on a service's own page. */
export function Readiness({ serviceId }: { serviceId: string }) {
  const query = useQueryOf(programme.serviceReadiness, { query: { serviceId } }, { refetchInterval: 60_000 });
  return (
    <Section
      title="Readiness"
      description="From what there is now: no evidence is no mark, what is old is half of one."
    >
      <Loaded query={query} lines={3}>
        {({ items: [found] }) =>
          found ? <Strip found={found} /> : <span className={classes.dim}>Not asked of it.</span>
        }
      </Loaded>
    </Section>
  );
}

function Strip({ found }: { found: ServiceReadiness }) {
  const gaps = found.marks.filter(({ step }) => step !== null);
  return (
    <>
      <div className={classes.strip}>
        {PILLARS.map(([pillar, title]) => {
          const marks = found.marks.filter((mark) => mark.pillar === pillar);
          return marks.length === 0 ? null : (
            <div key={pillar}>
              <h3>{title}</h3>
              <ul className={classes.badges} aria-label={title}>
                {marks.map((mark) => (
                  <li key={mark.id} title={mark.says}>
                    <StateBadge state={mark.state} tone={TONES[mark.state]} label={mark.label} quiet />
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
      {gaps.length > 0 && (
        <ul className={classes.gaps} aria-label="What to do">
          {gaps.map((gap) => (
            <li key={gap.id}>
              <span>{gap.says}</span>
              <TextLink to={gap.step!.to}>{gap.step!.label}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
