/** Every kind of place. */
import type { CopyConfig } from '../../tables.ts';
import { folder } from './folder.ts';
import { gitRemote } from './git.ts';
import type { Place } from './place.ts';
import { s3 } from './s3.ts';

const PLACES = new Map<CopyConfig['kind'], Place>(
  [folder, s3, gitRemote].map((place) => [place.kind, place as unknown as Place]),
);

export const placeOf = (kind: CopyConfig['kind']): Place => PLACES.get(kind) as Place;
