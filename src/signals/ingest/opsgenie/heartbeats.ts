/** Opsgenie's heartbeat API. */
import type { AnyRoute } from '#kernel';
import type { Family } from '../family.ts';

export const heartbeatRoutes = (_family: Family): AnyRoute[] => [];
