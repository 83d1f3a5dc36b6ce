/** A whole incident as one file: the shapes inside a bundle, published as `contract/incident-bundle.schema.json`. */
import { z } from 'zod';
import { instant, personRef } from './core.ts';
import { incidentExport } from './incidents.ts';

export const BUNDLE_FORMAT = 'evenkeel.incident-bundle/v1';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `incident.json`: the record without its timeline. */
export const bundleRecord = incidentExport
  .omit({ timeline: true, verification: true })
  .extend({ format: z.literal(BUNDLE_FORMAT), installation: z.string() });

/** A line of `timeline/*.jsonl`. `hash` is SHA-256 over `prevHash`, a newline and the canonical JSON of the rest. */
export const bundleEntry = incidentExport.shape.timeline.element.omit({ correctedBy: true });

/** `manifest.json`; `manifest.sig` is the Ed25519 signature over its bytes, in base64. */
export const bundleManifest = z.object({
  format: z.literal(BUNDLE_FORMAT),
  installation: z.string(),
  exportedAt: instant,
  exportedBy: personRef,
  incident: z.object({
    id: z.string(),
    key: z.string(),
    title: z.string(),
    severity: z.number().int(),
    phase: z.string(),
    declaredAt: instant,
    restricted: z.boolean(),
    exercise: z.boolean(),
  }),
  timeline: z.object({ entries: z.number().int(), head: hash }),
  key: z.object({ id: hash, algorithm: z.literal('ed25519'), publicKey: z.string() }),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: hash })),
});
export type BundleManifest = z.infer<typeof bundleManifest>;

/** The three in one, for a validator of any language: `#/$defs/record`, `#/$defs/entry`, `#/$defs/manifest`. */
export const bundleSchema = () => {
  const plain = (shape: z.ZodType) => {
    const { $schema: _, ...rest } = z.toJSONSchema(shape);
    return rest;
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Evenkeel incident bundle, version 1',
    $defs: { record: plain(bundleRecord), entry: plain(bundleEntry), manifest: plain(bundleManifest) },
  };
};
