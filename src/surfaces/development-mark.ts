/** Stands on every surface of a development ledger. */
export const DEVELOPMENT_MARK = 'DEVELOPMENT: drafts are in force, nothing here counts, and nothing leaves this machine';
