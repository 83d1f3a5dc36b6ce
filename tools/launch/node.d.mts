/** The types of `node.mjs` for what is written in TypeScript. */
export declare function productNode(): string;
export declare const PRODUCT_FLAGS: string[];
