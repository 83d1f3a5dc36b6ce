/** The words of the catalogue that its shapes share. */
import { z } from 'zod';

/** 1 critical journey, 2 important, 3 internal or deferrable. */
export const tier = z.union([z.literal(1), z.literal(2), z.literal(3)]);
/** `hard`: without it the service does not work. `soft`: it works worse. */
export const strength = z.enum(['hard', 'soft']);
/** What a node of the map is. */
export const nodeKind = z.enum(['service', 'store', 'third_party', 'journey']);
export type NodeKindName = z.infer<typeof nodeKind>;
/** One copy, several, or nobody has said. */
export const redundancy = z.enum(['single', 'several', 'unknown']);
/** `none`: nothing. `documented`: written down, never shown to work. `tested`: shown to work. */
export const fallbackState = z.enum(['none', 'documented', 'tested']);
export const fallbackKind = z.enum(['manual', 'second_provider', 'cache', 'defer', 'failover']);
