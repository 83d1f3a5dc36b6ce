/** The catalogue's public face: services, what they depend on, and what changed. */
import { defineModule } from '#kernel';
import { createService } from './commands/createService.ts';
import { recordChange } from './commands/recordChange.ts';
import { removeService } from './commands/removeService.ts';
import { setAbilities } from './commands/setAbilities.ts';
import { setDependencies } from './commands/setDependencies.ts';
import { updateService } from './commands/updateService.ts';
import { changeRecorded, serviceSaved } from './events.ts';
import { routes } from './routes.ts';

export { abilityGaps } from './abilities.ts';
export { createService, recordChange, removeService, setAbilities, setDependencies, updateService };
export { changeRecorded, serviceSaved };
export type { ChangeKind, Edge, Service, Strength, Tier } from './model.ts';
export { closure, dependants, SERVICE_LABELS, serviceCandidates, slugify } from './model.ts';
export {
  allEdges,
  type ChangeRow,
  dependantsOf,
  dependenciesOf,
  findServiceByHint,
  listChanges,
  serviceById,
  serviceBySlug,
  servicesByIds,
  servicesByNames,
} from './queries.ts';

export const module = defineModule({
  name: 'catalog',
  commands: [createService, updateService, removeService, setAbilities, setDependencies, recordChange],
  events: [serviceSaved, changeRecorded],
  routes,
});
