/** A post on its way in: what the door knows of it before it is stored. */
import type { BodyReading } from '../ingest/body.ts';
import type { Answer, Door, Family, Reading, Wire } from '../ingest/family.ts';
import type { Integration } from '../integrations/store.ts';

export interface Receive {
  /** Given when the id was told or kept somewhere before. */
  id?: string;
  /** When it came in; now when absent. */
  receivedAt?: Date;
  family: Family;
  integration: Integration;
  purpose: Door['purpose'];
  contentType: string;
  /** Harmless headers only. */
  headers: Record<string, string>;
  bytes: Buffer;
  body: BodyReading;
  /** The key it came with, to be blanked out of the stored bytes. */
  key?: string | undefined;
  idempotencyKey?: string | undefined;
  wire?: Wire;
  test?: boolean;
  testPages?: boolean;
  /** Store only, process by job: for large posts, and after processing failed unexpectedly. */
  defer?: boolean;
}

/** A post whose sender is not known yet. */
export type Arrival = Omit<Receive, 'integration' | 'wire' | 'id' | 'receivedAt'> & {
  id: string;
  wire: Wire;
  requestId: string;
  ip: string;
};

export interface Received {
  signalId: string | null;
  answer: Answer;
}

/** A reading that can be processed. */
export type GoodReading = Extract<Reading, { ok: true }>;
