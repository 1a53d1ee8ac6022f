// DESIGN: a trigger becomes an Ask, a Proposal, a Decision, a Warrant, a Receipt; nothing flows backwards.
const STAGES = 'intake|deliberate|gate|warrant|execute|ledger|memory|reconcile|schedule|evaluate';
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(src|agents|constitution|workflows|evals|test|scripts)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('kernel-imports-nothing', '^src/kernel/', '^src/kernel/', 'The nouns depend on nothing.'),
    only('stage-imports-kernel-only', `^src/(${STAGES})/`, '^src/(kernel|$1)/', 'Stages meet in activities and workflows, never in an import.'),
    only('domain-stands-alone', '^src/domains/([^/]+)/', '^src/(kernel|domains/$1)/', 'A domain never imports another.'),
    only(
      'adapter-fits-a-port',
      '^src/adapters/(?!host/)',
      '^src/(kernel/|adapters/|ports[.]ts$|client[.]ts$|.+/ports[.]ts$|activities/(housekeeping|tasks|consents)[.]ts$|activities/activities[.]ts$|ledger/|memory/|domains/[^/]+/)',
      'An adapter implements a port; a domain’s formats and records are its language.',
    ),
    only('activity-joins-stages', '^src/activities/', `^src/(kernel|activities|${STAGES})/`, 'Only here do stages meet.'),
    only('article-cases-are-data', '^constitution/', '^src/kernel/', 'Cases are read with their articles; they hold no code of ours.'),
    only('agent-names-tools', '^agents/', '^(agents/|src/kernel/|src/domains/[^/]+/(tools/|records[.]ts$))', 'An agent names tools; it holds no limits.'),
    only(
      'eval-is-three-nouns',
      '^evals/',
      '^(evals/|src/kernel/|src/evaluate/|scripts/workshop-)',
      'Dataset, solver, scorer; what runs them stands elsewhere.',
    ),
    only(
      'surface-is-a-client',
      '^src/surfaces/',
      '^src/(kernel/|surfaces/|client[.]ts$|processes/|adapters/postgres/migrate[.]ts$)',
      'The client is the only door.',
    ),
    {
      name: 'workflow-is-deterministic',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { pathNot: '^(workflows/|src/kernel/)|node_modules/@temporalio/(workflow|common)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-hand',
      severity: 'error',
      comment: 'Only the composition root loads what can write outside.',
      from: { path: '^src/(?!domains/|adapters/|registry|app[.]ts)' },
      to: { path: '^src/domains/[^/]+/tools/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
