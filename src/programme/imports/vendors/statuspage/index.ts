/** Statuspage: its components in their groups; what a page is told to, and by whom, is named with what to do. */
import {
  cut,
  type Carried,
  type Item,
  item,
  type Json,
  listOf,
  type Note,
  type Snapshot,
  textOf,
} from '../../model.ts';
import type { Vendor } from '../vendor.ts';
import { readStatuspage } from './read.ts';

/** As long as a component's names and words may be here. */
const NAME = 80;
const WORDS = 300;

/** Whose group it is; with several pages the page's name stands before it, because here there is one page. */
function groupOf(component: Json, groups: Map<string, Json>, pages: Map<string, Json>): string | null {
  const group = textOf(groups.get(String(component.group_id))?.name).trim();
  const page = pages.size > 1 ? textOf(pages.get(String(component.page_id))?.name).trim() : '';
  return cut([page, group].filter((word) => word !== '').join(': '), NAME) || null;
}

function componentItem(component: Json, group: string | null, taken: Set<string>): Item<'component'> {
  const id = String(component.id);
  const notes: Note[] = [];
  const there = textOf(component.name).trim() || id;
  let name = cut(there, NAME);
  // Names are unique here, not only within their group.
  if (taken.has(name.toLowerCase())) {
    const longer = group && !taken.has(`${name} (${group})`.toLowerCase()) ? `${name} (${group})` : `${name} (${id})`;
    name = longer.length <= NAME ? longer : `${cut(name, NAME - id.length - 3)} (${id})`;
    notes.push({
      text: `Another component is called ${there} too; this one becomes “${name}”.`,
      todo: 'Rename it as you like.',
    });
  }
  taken.add(name.toLowerCase());
  if (component.only_show_if_degraded === true)
    notes.push({
      text: 'It is shown there only while something is wrong; here a component is on the page or hidden.',
      todo: 'Hide it under Status page → Components if it should not be seen.',
    });
  const status = textOf(component.status);
  if (status !== '' && status !== 'operational')
    notes.push({
      text: `It is “${status.replaceAll('_', ' ')}” there now; here it begins as operational.`,
      todo: 'Set its state when you switch over.',
    });
  const description = cut(textOf(component.description).trim(), WORDS) || null;
  return item('component', id, name, { name, group, description, visible: true }, notes);
}

/** What a page has beside its components. */
function notesOf(page: Json, counts: Json | undefined): Note[] {
  const name = textOf(page.name);
  const notes: Note[] = [];
  const people = Object.entries((counts?.subscribers ?? {}) as Json).flatMap(([kind, states]) => {
    const n = Object.values((states ?? {}) as Json).reduce((sum: number, one) => sum + (Number(one) || 0), 0);
    return n > 0 ? [`${n} by ${kind.replaceAll('_', ' ')}`] : [];
  });
  if (people.length > 0)
    notes.push({
      text: `The subscribers of ${name} are not carried (${people.join(', ')}): they agreed to hear from there.`,
      todo: 'Publish the address of the new page there, so that they subscribe here.',
    });
  for (const incident of listOf(counts?.incidents))
    notes.push({
      text: `“${textOf(incident.name)}” is open on ${name}.`,
      todo: 'Finish it there, or declare it here and publish the next update here.',
    });
  if (Number(counts?.metrics ?? 0) > 0)
    notes.push({
      text: `${counts?.metrics} metrics of ${name} are not carried.`,
      todo: 'Watch the same with a monitor here.',
    });
  if (textOf(page.domain) !== '')
    notes.push({
      text: `${name} is at ${textOf(page.domain)}.`,
      todo: 'Point that name to the page here when you switch over.',
    });
  if (page.viewers_must_be_team_members === true)
    notes.push({
      text: `${name} is for signed-in people only; the page here is public.`,
      todo: 'Decide before carrying over.',
    });
  return notes;
}

function carry({ parts }: Snapshot): Carried {
  const pages = new Map((parts.pages ?? []).map((page) => [String(page.id), page]));
  const all = parts.components ?? [];
  const groups = new Map(all.filter(({ group }) => group === true).map((group) => [String(group.id), group]));
  const taken = new Set<string>();
  const counts = new Map((parts.counts ?? []).map((one) => [String(one.page), one]));
  return {
    items: all
      .filter(({ group }) => group !== true)
      .map((component) => componentItem(component, groupOf(component, groups, pages), taken)),
    notes: [
      {
        text: 'Not read: past incidents, templates, team members and their keys.',
        todo: 'Export the history there if you need it.',
      },
      ...[...pages].flatMap(([id, page]) => notesOf(page, counts.get(id))),
    ],
    rendered: [],
  };
}

export const statuspage: Vendor = {
  name: 'statuspage',
  title: 'Statuspage',
  base: 'https://api.statuspage.io',
  bases: [{ label: 'Statuspage', url: 'https://api.statuspage.io' }],
  keyHelp: 'In Statuspage: your name → API info → Create key.',
  fileHelp:
    'JSON as its API answers at /v1/pages and /v1/pages/…/components, in files called pages.json and components.json.',
  headers: (key) => ({ authorization: `OAuth ${key}` }),
  read: readStatuspage,
  parts: { pages: {}, components: {} },
  recordsIn(json, part) {
    if (!Array.isArray(json)) return undefined;
    const records = listOf(json);
    if (part) return { [part]: records };
    return { [records.some((one) => 'page_id' in one) ? 'components' : 'pages']: records };
  },
  carry,
};
