/** What must hold before teams, schedules and policies are saved: versions, references, and warnings a person has to accept. */
import { type Ctx, conflict, type FieldError, invalid, notFound, Problem } from '#kernel';
import { listUsers, type Person } from '#security';
import { methodsOf } from './contact.ts';

/** The version that was edited must be the one that is there: 428 when none was said, 412 when somebody was faster. */
export function requireVersion(what: string, current: number, edited: number | undefined): void {
  if (edited === current) return;
  if (edited === undefined) {
    throw new Problem(428, `Say which version of the ${what} you edited`, {
      rule: 'people.version',
      detail: 'Send If-Match with the ETag you read, or `version` in the body.',
    });
  }
  throw new Problem(412, `Somebody else changed this ${what} while you edited it`, {
    rule: 'people.version',
    detail: `You edited version ${edited}; it is at version ${current} now. Load it again and repeat your change.`,
    extra: { version: current },
  });
}

/** Everybody by id. */
export async function peopleById(ctx: Ctx): Promise<Map<string, Person>> {
  return new Map((await listUsers(ctx)).map((user) => [user.id, user]));
}

/** Refuses ids of people who do not exist, naming the field. `active` also refuses those who have left. */
export function requirePeople(users: Map<string, Person>, ids: { path: string; id: string }[], active = true): void {
  const errors: FieldError[] = [];
  for (const { path, id } of ids) {
    const user = users.get(id);
    if (!user) errors.push({ path, message: 'there is no such person' });
    else if (active && !user.active) errors.push({ path, message: `${user.name} is no longer active` });
  }
  if (errors.length > 0) throw invalid('Some of these people cannot be used', 'people.person', errors);
}

export interface Warning {
  rule: string;
  message: string;
}

/** What the people of a schedule leave to be desired: nobody in a layer, one person twice, somebody no page is proven to reach. */
export async function layerWarnings(
  ctx: Ctx,
  users: Map<string, Person>,
  layers: { name: string; participants: string[] }[],
): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const several = layers.length > 1;
  for (const { name, participants } of layers) {
    const where = several ? ` in ${name}` : '';
    if (participants.length === 0) {
      const message = several
        ? `Nobody is in the layer ${name}: the layers under it show through.`
        : 'Nobody is in this rotation: every page falls through to the next step.';
      warnings.push({ rule: 'people.schedule.empty', message });
    }
    for (const id of new Set(participants)) {
      const times = participants.filter((other) => other === id).length;
      const message = `${users.get(id)?.name ?? id} takes ${times} turns in each round${where}.`;
      if (times > 1) warnings.push({ rule: 'people.schedule.twice', message });
    }
  }
  const everybody = [...new Set(layers.flatMap((layer) => layer.participants))];
  const methods = await methodsOf(ctx.db, everybody);
  const unproven: string[] = [];
  for (const id of everybody) {
    const user = users.get(id);
    if (user && !user.active) {
      const message = `${user.name} is no longer active: their turns are gaps.`;
      warnings.push({ rule: 'people.schedule.inactive', message });
    } else if (!(methods.get(id) ?? []).some((method) => method.verifiedAt !== null)) unproven.push(user?.name ?? id);
  }
  if (unproven.length > 0) {
    const message = `No confirmed contact method: ${unproven.join(', ')}. Pages go to the unconfirmed sign-in address.`;
    warnings.push({ rule: 'people.schedule.unproven', message });
  }
  return warnings;
}

/** A warning blocks until somebody says that it is meant (bad input row 93). */
export function requireAccepted(warnings: Warning[], accepted: boolean): void {
  if (warnings.length === 0 || accepted) return;
  // Warnings belong to no field: they are said together, and accepted together.
  throw new Problem(422, 'Please look at these warnings before saving', {
    rule: 'people.warnings',
    detail: `${warnings.map((warning) => warning.message).join(' ')} To keep it as it is, save again with acceptWarnings.`,
    extra: { warnings },
  });
}

/** Refuses to delete what others lean on; `uses` are said one by one. */
export function refuseInUse(what: string, uses: string[]): void {
  if (uses.length > 0)
    throw conflict(`${what} is in use`, 'people.in_use', `Used by: ${uses.join('; ')}. Take it out there first.`, {
      uses,
    });
}

/** Deletes a row; a reference from a module above (a service, a playbook) becomes a 409 that names the kind of user. */
export async function deleteUnlessUsed(what: string, remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const { code, table } = error as { code?: string; table?: string };
    if (code !== '23503') throw error;
    throw conflict(
      `${what} is in use`,
      'people.in_use',
      `Still used by ${(table ?? 'something').replaceAll('_', ' ')}. Take it out there first.`,
      { uses: [table] },
    );
  }
}

/** A row that must exist; 404 otherwise, the same for malformed ids. */
export function found<T>(row: T | undefined, what: string, id: string): T {
  if (row === undefined) throw notFound(what, id);
  return row;
}

/** A name that is taken is said so, whatever its capitals. */
export function refuseTaken(what: string, name: string, taken: { id: string } | undefined, own?: string): void {
  if (taken && taken.id !== own)
    throw conflict(`There is already a ${what} called ${name}`, 'people.name', 'Choose another name.');
}
