/** The catalogue's public face: services, what they depend on, and what changed. */
import { defineModule } from '#kernel';
import { createService } from './commands/createService.ts';
import { importCatalog } from './commands/importCatalog.ts';
import { recordChange } from './commands/recordChange.ts';
import { removeService } from './commands/removeService.ts';
import { reviewThirdParty } from './commands/reviewThirdParty.ts';
import { setAbilities } from './commands/setAbilities.ts';
import { setDependencies } from './commands/setDependencies.ts';
import { setFallbacks } from './commands/setFallbacks.ts';
import { setStore } from './commands/setStore.ts';
import { setThirdParty } from './commands/setThirdParty.ts';
import { updateService } from './commands/updateService.ts';
import { changeRecorded, serviceSaved } from './events.ts';
import { routes } from './routes.ts';

export { abilityGaps } from './abilities.ts';
export { createService, recordChange, removeService, setAbilities, setDependencies, updateService };
export { importCatalog, reviewThirdParty, setFallbacks, setStore, setThirdParty };
export { structuralPointsNow } from './map.ts';
export { thirdParties } from './parts.ts';
export { type Suspect, rankSuspects, SUSPECT_AFTER_MS, SUSPECT_BEFORE_MS } from './suspects.ts';
export { type Topology, topologyFrom, topologyNow } from './topology.ts';
export { changeRecorded, serviceSaved };
export type { ChangeKind, Edge, NodeKind, Service, Strength, Tier } from './model.ts';
export { closure, dependants, SERVICE_LABELS, serviceCandidates, slugify } from './model.ts';
export {
  allEdges,
  changesAround,
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
  commands: [
    createService,
    updateService,
    removeService,
    setAbilities,
    setDependencies,
    setFallbacks,
    setStore,
    setThirdParty,
    reviewThirdParty,
    importCatalog,
    recordChange,
  ],
  events: [serviceSaved, changeRecorded],
  routes,
});
