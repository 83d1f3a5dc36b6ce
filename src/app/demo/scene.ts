/** A past incident on the stage: what its steps need from each other. */
import type { Company, Service } from './company.ts';
import type { PastIncident } from './data/incidents.ts';
import type { Stage } from './stage.ts';

export interface Play {
  at: Date;
  run(): Promise<unknown>;
}

/** What later steps of an incident need from earlier ones. */
export interface Traces {
  incidents: Map<number, string>;
}

export interface Scene {
  stage: Stage;
  company: Company;
  past: PastIncident;
  service: Service;
  traces: Traces;
  groupId: string | null;
  pageId: string;
}

export const incidentOf = ({ traces, past }: Pick<Scene, 'traces' | 'past'>): string => {
  const id = traces.incidents.get(past.story);
  if (!id) throw new Error(`story ${past.story} is not declared yet`);
  return id;
};
