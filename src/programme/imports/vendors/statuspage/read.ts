/** Reads Statuspage by its REST API v1: lists are bare arrays, paged by `page` and `per_page`, about one request a second. */
import { type Json, listOf } from '../../model.ts';
import { mayNotRead, type Reader } from '../../reader.ts';
import type { Read } from '../vendor.ts';

const PER_PAGE = 100;
/** Nobody has more; the limit only ends what would never end. */
const MOST_PAGES = 100;

async function all(reader: Reader, path: string, stage: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const records = listOf(await reader.get(`${path}?per_page=${PER_PAGE}&page=${page}`));
    found.push(...records);
    reader.tell(stage, found.length);
    if (records.length < PER_PAGE) break;
  }
  return found;
}

/** The pages of the account with their components; of subscribers, open incidents and metrics only how many there are. */
export async function readStatuspage(reader: Reader): Promise<Read> {
  const unread: Read['unread'] = [];
  const perhaps = async <T>(what: string, read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!mayNotRead(error)) throw error;
      unread.push({ what, why: error.message });
      return otherwise;
    }
  };
  const pages = listOf(await reader.get('v1/pages'));
  const components: Json[] = [];
  const counts: Json[] = [];
  for (const { id, name } of pages) {
    const at = `v1/pages/${encodeURIComponent(String(id))}`;
    components.push(...(await all(reader, `${at}/components`, `Components of ${name}`)));
    const subscribers = await perhaps(
      `subscribers of ${name}`,
      () => reader.get(`${at}/subscribers/count`),
      {} as Json,
    );
    const open = await perhaps(`open incidents of ${name}`, () => reader.get(`${at}/incidents/unresolved`), [] as Json);
    const metrics = await perhaps(`metrics of ${name}`, () => reader.get(`${at}/metrics`), [] as Json);
    counts.push({
      page: id,
      subscribers,
      incidents: listOf(open).map((one) => ({ name: one.name })),
      metrics: listOf(metrics).length,
    });
  }
  return { parts: { pages: pages.map(shown), components, counts }, unread };
}

/** Of a page only what is used: its record holds addresses and keys of other products. */
const shown = ({ id, name, domain, subdomain, viewers_must_be_team_members: closed }: Json): Json => ({
  ...{ id, name, domain, subdomain },
  viewers_must_be_team_members: closed,
});
