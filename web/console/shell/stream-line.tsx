/** Says, calmly and without moving anything, that the page may be behind. */

import { serverNow } from '../../kit/clock.ts';
import { formatInstant } from '../../kit/format.ts';
import { useStream, useZone } from '../../kit/index.ts';
import classes from './stream-line.module.css';

/** A line at the foot of the window while the live stream is down. */
export function StreamLine() {
  const { state, asOf } = useStream();
  const zone = useZone();
  return (
    <div role="status" className={classes.place}>
      {state === 'reconnecting' && (
        <p className={classes.line}>
          <span className={classes.dot} aria-hidden="true" />
          Reconnecting…
          {asOf !== null && <> Data as of {formatInstant(asOf, zone, serverNow())}</>}
        </p>
      )}
    </div>
  );
}
