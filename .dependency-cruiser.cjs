// DESIGN: a trigger becomes an Ask, a Proposal, a Decision, a Warrant, a Receipt; nothing flows backwards.
const STAGES = 'intake|deliberate|gate|warrant|execute|ledger|memory|reconcile|schedule|evaluate';
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(src|agents|constitution|workflows|evals|test|scripts)/', pathNot: allowed },
});

/** Nobody but `by` imports `what`. */
const nobody = (name, by, what, comment) => ({ name, severity: 'error', comment, from: { pathNot: by }, to: { path: what } });

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
    only(
      'operation-calls-activities',
      '^src/operations/',
      '^src/(operations/|kernel/|activities/|memory/|gate/constitution[.]ts$|adapters/files/ingest[.]ts$|client[a-z-]*[.]ts$|ports[.]ts$|binding[.]ts$)',
      'What the client offers is done by activities, not by a way of its own.',
    ),
    only('package-shows-what-there-is', '^src/package/', '^src/(package|service-client|kernel)/', 'What the package exports is written elsewhere.'),
    nobody(
      'client-is-for-others',
      '^src/(package|service-client)/',
      '^src/(package|service-client)/',
      'Nothing of ours asks the gate from outside: no call of our own runtime goes on where the gate does not answer.',
    ),
    only('client-of-others-stands-alone', '^src/service-client/', '^src/service-client/', 'It runs where nothing else of ours is.'),
    only(
      'process-starts-the-app',
      '^src/processes/',
      '^(scripts/(temporal-server|chromium)|src/(processes/|adapters/|activities/|surfaces/(api|slack)/|kernel/|evaluate/|deliberate/ports[.]ts$|(client|app|models|destinations|tool-suites|evals[.]generated)[.]ts$))',
      'A process puts no stage, domain or operation together itself.',
    ),
    only(
      'door-knows-nouns',
      '^src/(client[a-z-]*|ports)[.]ts$',
      '^src/(kernel/|client[a-z-]*[.]ts$|memory/why[.]ts$)',
      'What surfaces see holds nothing that acts.',
    ),
    only(
      'root-is-put-together-once',
      '^src/(?!client|ports|app|registry|evals)[^/]+[.]ts$',
      '^src/(kernel/|gate/|adapters/|activities/|execute/execute[.]ts$|deliberate/ports[.]ts$|(binding|bundle|parts|rules|registry[.]generated)[.]ts$)',
      'What the root is made of knows neither the root nor what stands on it.',
    ),
    nobody('surface-is-an-end', '^src/(surfaces|processes)/', '^src/surfaces/', 'Nothing is done by way of a surface.'),
    nobody('one-root', '^src/processes/', '^src/app[.]ts$', 'Processes start the app; tests may.'),
    nobody('operations-behind-the-client', '^src/(operations/|app[.]ts$)', '^src/operations/', 'Whoever wants an operation calls the client.'),
    nobody('process-is-begun-by-hand', '^src/(processes|surfaces/cli)/', '^src/processes/', 'The command line begins processes, and nothing else.'),
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
