/** Connector `weights`: shares of a route over HTTP. */
import { stateful } from '../../systems/stateful.ts';
import { weightAction } from './weights.ts';

export const weights = stateful({
  name: 'weights',
  title: 'Traffic shares',
  kind: 'weights',
  systemParam: 'route',
  actions: { 'traffic.weight': weightAction },
});
