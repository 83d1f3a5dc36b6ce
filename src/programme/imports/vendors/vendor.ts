/** The shape of every pager one can move from: a folder of its own that describes itself; `index.ts` lists them. */
import type { Carried, Json, Snapshot, VendorName } from '../model.ts';
import type { Reader } from '../reader.ts';

export type Read = Pick<Snapshot, 'parts' | 'unread'>;

export interface Vendor {
  name: VendorName;
  title: string;
  /** Its usual address; null: everybody has their own. */
  base: string | null;
  bases: { label: string; url: string }[];
  /** Where its key is made and what it must be allowed to do. */
  keyHelp: string;
  fileHelp: string;
  /** How the key is sent. */
  headers(key: string): Record<string, string>;
  /** Everything that is needed, as the vendor gives it. */
  read(reader: Reader): Promise<Read>;
  /** The names of its lists, and for a list that belongs to something, the field that says to what. */
  parts: Record<string, { parent?: string }>;
  /** The records in one of its answers, by the name of the list; `undefined`: not one of its shapes. */
  recordsIn(json: Json, part: string | undefined): Record<string, Json[]> | undefined;
  /** Its things in our words. Pure. */
  carry(snapshot: Snapshot): Carried;
}
