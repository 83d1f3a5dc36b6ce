/** Sets the company up: people, teams, who is on call, services, status page, playbooks, the source of alerts. */
import { createService } from '#catalog';
import { createComponent } from '#comms';
import { addMs, zone } from '#kernel';
import { createPolicy, createSchedule, createTeam } from '#people';
import { approveVersion, libraryPlaybooks, savePlaybook } from '#playbooks';
import { installation, insertUser, saveSetting, userActor } from '#security';
import { createIntegration } from '#signals';
import { mailOf, people, type Person, type TeamSlug, teams } from './data/people.ts';
import { components, services, stores } from './data/services.ts';
import { drawMap } from './map.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400_000;
/** The company began with the product this long before the demo is loaded. */
const BEGINNING = 400;

export interface Service {
  id: string;
  name: string;
  policyId: string;
  teamId: string;
}
export interface Company {
  services: Map<string, Service>;
  /** Public component by service. */
  componentOf: Map<string, string>;
  integrationId: string;
}

const admin = people[0]!.name;
const membersOf = (slug: TeamSlug): Person[] => people.filter((person) => person.team === slug);

async function hire(stage: Stage, when: Date): Promise<void> {
  for (const person of people) {
    const roles = [person.role];
    const fields = { email: mailOf(person.name), name: person.name, roles, timeZone: person.timeZone };
    const id = await stage.at(when, null, (ctx) => insertUser(ctx, fields));
    stage.cast(person.name, userActor({ id, name: person.name, roles }));
  }
}

/** The order of turns in which the demo's administrator is on call in the week it is loaded: there is something to see. */
function inTurn(stage: Stage, when: Date, members: Person[]): Person[] {
  const at = members.findIndex((person) => person.name === admin);
  if (at < 0) return members;
  const monday = zone.nextWeekly('Europe/Berlin', 1, '09:00', new Date(when.getTime() - 7 * DAY));
  const weeks = Math.floor((stage.now.getTime() - monday.getTime()) / (7 * DAY));
  const shift = (((at - weeks) % members.length) + members.length) % members.length;
  return [...members.slice(shift), ...members.slice(0, shift)];
}

/** A team with its weekly rotation and the policy that calls it: who is on call, then everybody, then its lead. */
async function makeTeam(stage: Stage, when: Date, { name, slug }: (typeof teams)[number]) {
  const members = membersOf(slug);
  const lead = members.find((person) => person.role === 'manager') ?? members[0]!;
  const onCall = inTurn(
    stage,
    when,
    members.filter((person) => person !== lead || members.length < 3),
  );
  return stage.at(when, admin, async (ctx) => {
    const team = await createTeam(ctx, {
      name,
      description: '',
      members: members.map((person) => ({
        userId: stage.idOf(person.name),
        role: person === lead ? ('lead' as const) : ('member' as const),
      })),
    });
    const schedule = await createSchedule(ctx, {
      name,
      teamId: team.id,
      zone: 'Europe/Berlin',
      handoverWeekday: 1,
      handoverTime: '09:00',
      startsOn: zone.instantToWall('Europe/Berlin', when).date,
      everyWeeks: 1,
      participants: onCall.map((person) => stage.idOf(person.name)),
      acceptWarnings: true,
    });
    const policy = await createPolicy(ctx, {
      name: `${name}: on call, then lead`,
      teamId: team.id,
      steps: [
        { delaySeconds: 300, targets: [{ kind: 'schedule', id: schedule.id }] },
        { delaySeconds: 600, targets: [{ kind: 'user', id: stage.idOf(lead.name) }] },
      ],
      repeat: 2,
    });
    return { teamId: team.id, policyId: policy.id };
  });
}

/** `order-api` -> `Order API`; stores and the rest in plain words. */
const short: Record<string, string> = { api: 'API', db: 'database', edi: 'EDI', web: 'web' };
function titleOf(slug: string): string {
  const words = slug.split('-').map((word) => short[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function makeServices(stage: Stage, when: Date): Promise<Map<string, Service>> {
  const owners = new Map<TeamSlug, { teamId: string; policyId: string }>();
  for (const team of teams) owners.set(team.slug, await makeTeam(stage, when, team));
  const made = new Map<string, Service>();
  for (const { slug, tier, team, description } of services) {
    const owner = owners.get(team)!;
    // Several of each run; of the stores their replicas say so.
    const kind = slug in stores ? { kind: 'store' as const } : { redundancy: 'several' as const };
    const fields = { name: titleOf(slug), slug, tier, description, ...kind, ...owner };
    const service = await stage.at(when, admin, (ctx) => createService(ctx, fields));
    made.set(slug, { id: service.id, name: service.name, ...owner });
  }
  await drawMap(stage, when, made, owners, admin);
  return made;
}

async function makePage(stage: Stage, when: Date, made: Map<string, Service>): Promise<Map<string, string>> {
  const componentOf = new Map<string, string>();
  for (const { name, group, services: behind } of components) {
    const serviceIds = behind.map((slug) => made.get(slug)!.id);
    const fields = { name, group, description: null, visible: true, serviceIds };
    const { id } = await stage.at(when, admin, (ctx) => createComponent(ctx, fields));
    for (const slug of behind) componentOf.set(slug, id);
  }
  return componentOf;
}

/** The playbooks that come with the product, written down by one person and approved by another. */
async function makePlaybooks(stage: Stage, when: Date): Promise<void> {
  for (const { source } of libraryPlaybooks()) {
    const version = await stage.at(when, 'Mina Farouk', (ctx) => savePlaybook(ctx, { source }));
    await stage.at(addMs(when, 3_600_000), 'Rui Matos', (ctx) => approveVersion(ctx, { versionId: version.id }));
  }
}

/** Everything that stands before the first incident. */
export async function foundCompany(stage: Stage): Promise<Company> {
  const when = new Date(stage.now.getTime() - BEGINNING * DAY);
  await hire(stage, when);
  const settings = { name: 'Orchardline', timeZone: 'Europe/Berlin', demo: true };
  await stage.at(when, admin, (ctx) => saveSetting(ctx, { key: installation.key, value: settings }));
  const template = 'https://meet.example.com/orchardline-{key}';
  await stage.at(when, admin, (ctx) => saveSetting(ctx, { key: 'incidents.conference', value: { template } }));
  const made = await makeServices(stage, when);
  const componentOf = await makePage(stage, when, made);
  await makePlaybooks(stage, new Date(stage.now.getTime() - 266 * DAY));
  const { integration } = await stage.at(when, admin, (ctx) =>
    createIntegration(ctx, { kind: 'alertmanager', name: 'Prometheus, eu-west' }),
  );
  return { services: made, componentOf, integrationId: integration.id };
}
