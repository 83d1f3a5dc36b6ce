/** The types of `test.mjs` for what is written in TypeScript. */
export declare function runTests(node: string, vitest: string, args: string[]): Promise<number>;
