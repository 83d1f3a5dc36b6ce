/** The lint room: the server's door to the pure lint, which lives in `contract/` because the browser runs it too. */
export * from '#contract/comms-lint/index';
