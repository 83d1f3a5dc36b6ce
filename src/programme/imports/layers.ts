/** A layer as it would be saved here, ready for the calculators. Pure. */
import { type Layer, readLayers } from '#people';
import type { LayerDraft } from './model.ts';

/** A layer as the calculators want it, or why it cannot be. */
export function compileLayer(draft: LayerDraft, zone: string): Layer | string {
  const { layers, errors } = readLayers({ name: 'x', teamId: null, zone, layers: [draft], acceptWarnings: true });
  const [error] = errors;
  if (error) return `${error.path.replace(/^layers\.0\./, '')}: ${error.message}`;
  return layers[0] as Layer;
}
