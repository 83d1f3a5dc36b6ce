/** The probable origin at the head of the war room: what, why, and the change that fits best. */
import { endpoints as incidents } from '#contract/incidents';
import { Ago, TextLink, useQueryOf } from '../../../kit/index.ts';
import classes from './room.module.css';

/** Nothing while its alerts have no common upstream. */
export function Origin({ incidentId }: { incidentId: string }) {
  const { data } = useQueryOf(incidents.origin, { params: { id: incidentId } });
  if (!data?.origin) return null;
  const { node, open, reasons, suspect, services, alerts, leadGroupId } = data.origin;
  return (
    <section className={classes.origin} aria-label="Probable origin">
      <p className={classes.nextLabel}>{open ? 'Probable origin' : 'It was thought to come from'}</p>
      <h2>
        <TextLink to={`/map?node=${node.id}`}>{node.name}</TextLink>
      </h2>
      <ul aria-label={`Why ${node.name}`}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {suspect && !reasons.some((reason) => reason.includes(suspect.change.summary)) && (
        <p className={classes.originChange}>
          Likeliest change: <b>{suspect.change.summary}</b>
          {suspect.change.service && ` on ${suspect.change.service.name}`}, <Ago at={suspect.change.at} />
        </p>
      )}
      <p className={classes.originMore}>
        <TextLink to={`/alerts/${leadGroupId}`}>
          {alerts} {alerts === 1 ? 'alert' : 'alerts'} of {services} {services === 1 ? 'service' : 'services'}
        </TextLink>
      </p>
    </section>
  );
}
