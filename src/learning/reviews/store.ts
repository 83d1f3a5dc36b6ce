/** Writes and reads rows of reviews. Own tables only. */
import type { ReviewState, SectionName } from '#contract/learning';
import type { Db, Generated, Json } from '#kernel';
import { json } from '#kernel';
import type { ReviewPolicy } from './due.ts';
import type { Frozen } from './record.ts';

export interface Finding {
  kind: 'worked' | 'did_not' | 'lucky' | 'surprise';
  text: string;
}
export interface FactorNote {
  code: string;
  note: string;
}

interface ReviewsTable {
  id: string;
  incidentId: string;
  exercise: Generated<boolean>;
  severity: number;
  form: 'full' | 'light';
  askedBy: string | null;
  askedBecause: string | null;
  state: Generated<ReviewState>;
  ownerId: string | null;
  facilitatorId: string | null;
  meetingAt: Date | null;
  dueAt: Date | null;
  originalDueAt: Date | null;
  dueZone: string;
  policy: Json<ReviewPolicy>;
  sections: Json<Partial<Record<SectionName, string>>>;
  trigger: string | null;
  findings: Json<Finding[]>;
  frozen: Json<Frozen | null>;
  version: Generated<number>;
  openedAt: Generated<Date>;
  changedAt: Generated<Date>;
  overdueNotedAt: Date | null;
  finishedAt: Date | null;
  finishedBy: string | null;
  loopClosedAt: Date | null;
}

interface FactorsTable {
  reviewId: string;
  code: string;
  note: string;
  position: number;
}
