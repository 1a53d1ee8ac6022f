/**
 * Several organizations on one installation share nothing. Every operation, and every route, is tried with what is theirs: a token of
 * theirs, a session of theirs, and the ids of their records in hands of ours. Nothing is seen, and no row of theirs becomes another.
 * Operations and routes come from the code's own tables: a new one without a line here fails.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { inputs, type Caller, type Client, type Input, type Operation } from '../../src/client.ts';
import { importTools } from '../../src/activities/import-tools.ts';
import { DeclaredPerson } from '../../src/kernel/declared-person.ts';
import { Digest } from '../../src/kernel/digest.ts';
import { AmendmentId, DelegationId, ProposalId } from '../../src/kernel/ids.ts';
import { served } from '../../src/surfaces/api/server.ts';
import { inboxLink } from '../../src/surfaces/cli/call.ts';
import { signIn } from '../fixtures/inbox.ts';
import { delegating, MARK, neighbours, type Neighbours, type Theirs } from '../fixtures/neighbours.ts';
import { OPERATOR, type ServiceStage } from '../fixtures/service.ts';

let at: Neighbours;
let own: { readonly owner: string; readonly delegate: string }; // tokens of ours
let before: Readonly<Record<string, string>>;
beforeAll(async () => {
  at = await neighbours(inject('services'));
  const owner = await at.ours.person('johanna');
  own = { owner, delegate: (await at.ours.handed(owner)).token };
  before = await at.rowsOfTheirs();
});
afterAll(() => at.close());

const asPerson = (token: string): Caller => ({ kind: 'person', token });
const why = 'it is not ours at all';
const unknownDigest = Digest.parse('0'.repeat(64));
const GRETA = DeclaredPerson.parse({ person: 'greta', name: 'Greta Sommer', roles: [], manager: 'viktor', site: 'mill-lane' });
const NO_RULE = { kind: 'remove', id: 'not-ours' } as const;
const LISTED = [{ name: 'get_offer', inputSchema: { type: 'object', properties: {} } }];
const pay = { tool: 'finance.hold_invoice', args: { invoice: 'S-003:KR-20291', reason: why } };

/**
 * What is tried of an operation. `names`: somebody of ours names what is theirs, and is refused. `reads`: it names nothing, and gives
 * what is there; theirs, asked the same, gives what is marked where `marked` says so. `acts`: it names nothing, and changes ours alone.
 */
interface Tried<I> {
  readonly names?: readonly I[];
  readonly by?: 'delegate' | 'operator'; // else the owner
  readonly reads?: I;
  readonly marked?: boolean;
  readonly acts?: I;
}

const every = ({
  task,
  turn,
  amendment,
  delegation,
  action,
  token,
  file,
  consent,
  duty,
  event,
  ask,
}: Theirs): { readonly [O in Operation]: Tried<Input<O>> } => {
  const anyTask = [task, action, task.slice(0, 14)].map((id) => ({ id }));
  const actions = [task, action].map((id) => ({ id: ProposalId.parse(id) }));
  return {
    status: { reads: {}, marked: true },
    place: { reads: {}, marked: true },
    me: { reads: {}, marked: true },
    changes: { reads: {} },
    ask: { acts: { text: 'what is due?', agent: 'finance-analyst', conversation: 'c', message: 'm' } },
    answer: { names: [{ turn }] },
    review: { acts: { domain: 'finance' } },
    inbox: { names: [{ all: true, after: ProposalId.parse(task) }], reads: { all: true }, marked: true },
    search: { names: [{ text: '', after: ProposalId.parse(task) }], reads: { text: MARK } },
    task: { names: anyTask },
    decide: { names: anyTask.map(({ id }) => ({ id, choice: 'decline', reason: why })) },
    nudge: { names: anyTask.map(({ id }) => ({ id, to: 'clara' })) },
    edit: { names: anyTask.map(({ id }) => ({ id, args: {}, reason: why })) },
    respond: { names: anyTask.map(({ id }) => ({ id, text: 'why?', message: 'm' })) },
    propose: { acts: { ...pay, reason: why, message: 'm' } },
    why: { names: [task, event, ask, amendment, delegation, turn].map((id) => ({ id })) },
    halt: { acts: { scope: { kind: 'organization' }, reason: why } },
    resume: { acts: { scope: { kind: 'organization' }, reason: why } },
    gate_check: { reads: { agent: 'finance-analyst', tool: pay.tool, args: pay.args, onBehalfOf: null } },
    people: { reads: {}, marked: true },
    issue_token: { acts: { person: 'clara' } },
    revoke_token: { names: [{ what: token }] },
    cost: { reads: {} },
    advance_clock: { acts: { ms: 60_000 } },
    add_records: { acts: { files: [{ name: 'a.txt', base64: 'YQ==' }] } },
    records: { reads: { state: null }, marked: true },
    describe_record: { names: [file, file.slice(0, 8)].map((id) => ({ id, register: 'suppliers', columns: {}, fields: {} })) },
    tasks: { reads: {}, marked: true },
    finish_task: { names: [{ id: duty }, { id: duty.slice(0, 14) }] },
    pictures: { reads: {} },
    picture: { reads: { name: 'finance.cash' } },
    consents: { reads: {}, marked: true },
    rota_changes: { reads: {} },
    answer_consent: { names: [consent, consent.slice(0, 14)].map((id) => ({ id, word: 'given' })) },
    constitution_show: { reads: {} },
    constitution_check: { reads: { parts: [] } },
    constitution_history: { reads: {} },
    constitution_explain: { reads: {} },
    constitution_blame: { reads: { article: 'finance.call' } },
    amend: { names: [{ reason: why }] }, // their files differ from what is in force, and ours do not: nothing is to be amended
    amendments: { reads: { all: true }, marked: true },
    amendment: { names: [{ id: amendment }, { id: amendment.slice(0, 14) }] },
    ratify: {
      names: [
        { amendment: AmendmentId.parse(amendment), digest: unknownDigest },
        { amendment, choice: 'decline', reason: why },
      ],
    },
    rules: { reads: {} },
    rule_templates: { reads: {} },
    rule_preview: { names: [{ change: NO_RULE }] },
    rule_change: { names: [{ change: NO_RULE, reason: why }] },
    levels: { reads: {} },
    week_report: { reads: { week: null } },
    level_raise: { names: [{ agent: 'finance-analyst', to: 'act', reason: why }] }, // it acts already
    level_lower: { acts: { agent: 'scheduler', to: 'ask', reason: why } },
    slack_link: { acts: { person: 'johanna' } },
    slack_unlink: { acts: { person: 'johanna' } },
    slack_digest: { names: [{ at: '07:30' }] }, // their johanna is linked, and ours is not
    slack_status: { reads: {} },
    delegate: { acts: delegating },
    end_delegation: { names: [{ id: DelegationId.parse(delegation) }] },
    judge_call: { by: 'delegate', acts: { key: 'k', ...pay } },
    act: { by: 'delegate', acts: { key: 'k', ...pay, rationale: why } },
    action: { names: actions.map(({ id }) => ({ id, waitMs: 0 })) },
    warrant: { by: 'delegate', names: actions },
    receipt: { by: 'delegate', names: actions.map(({ id }) => ({ id, effect: { outcome: 'done', output: {} } })) },
    refuse_call: { by: 'operator', acts: { id: 'k', path: '/v1/decisions', because: why } },
    unjudged: { by: 'delegate', acts: { calls: [{ key: 'k', tool: 'crm.get_offers', args: {}, at: delegating.expires }] } },
    service_terms: { reads: {} },
    call_events: { reads: {} },
    setup: { reads: {} },
    put_person: { acts: GRETA },
    remove_person: { acts: { person: GRETA.person } },
    draft_tools: { reads: { server: 'crm', listed: LISTED } },
    put_tools: { acts: { ...importTools(LISTED, 'crm'), agents: [] } },
    remove_tools: { acts: { server: 'crm' } },
    wrong: { names: [...anyTask, { id: event }, { id: ask }].map(({ id }) => ({ id, reason: why })) },
    rollback: { names: [...anyTask, { id: event }, { id: ask }] },
    eval_cases: { reads: {} },
  };
};

const isOperation = (name: string): name is Operation => Object.hasOwn(inputs, name);
const operations = Object.keys(inputs).filter(isOperation);
const call = (client: Client, operation: Operation, by: Caller, input: unknown): Promise<unknown> => {
  const run: (caller: Caller, input: never) => Promise<unknown> = client[operation];
  return Reflect.apply(run, undefined, [by, input]);
};
const tried = (operation: Operation): Tried<unknown> => every(at.ids)[operation];

/** Nothing of theirs is in it that was not said to it first. */
function holdsNothing(said: unknown, input: unknown, where: string): void {
  const [text, known] = [typeof said === 'string' ? said : (JSON.stringify(said) ?? ''), JSON.stringify(input) ?? ''];
  const of = [MARK, at.theirs.on.organization.id, ...Object.values(at.ids)].filter((one) => !known.includes(one));
  expect(
    of.filter((one) => text.includes(one)),
    `${where}: ${text.slice(0, 300)}`,
  ).toEqual([]);
}
const unchanged = async (where: string) => expect(await at.rowsOfTheirs(), where).toEqual(before);

describe('every operation, by somebody of ours', () => {
  test('has a line here', () => expect(Object.keys(every(at.ids)).sort()).toEqual(Object.keys(inputs).sort()));

  test.each(operations)('%s', async (operation) => {
    const { names = [], reads, acts, marked = false, by } = tried(operation);
    expect(names.length + (reads || acts ? 1 : 0)).toBeGreaterThan(0);
    const { client } = at.ours.on.app;
    const operator: Caller = { kind: 'operator' };
    const caller = by === 'operator' ? operator : asPerson(by === 'delegate' ? own.delegate : own.owner);
    for (const input of names)
      for (const who of [caller, operator]) {
        const error: unknown = await call(client, operation, who, input).then(
          (output) => expect.fail(`${operation} ${JSON.stringify(input)} gave ${JSON.stringify(output)}`),
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(Error);
        if (who.kind === 'person') expect(Object(error).code, String(error)).toMatch(/unknown|not_found|not_yours|not_linked|nothing_changed|not_raised/);
        holdsNothing(String(error), input, operation);
      }
    const input = reads ?? acts;
    if (input) holdsNothing(await call(client, operation, caller, input), input, operation);
    await unchanged(operation);
    if (marked) expect(JSON.stringify(await call(at.theirs.on.app.client, operation, asPerson(at.secrets.owner), reads))).toContain(MARK);
  });

  test('an account in Slack that is linked with them is nobody of ours', async () => {
    const account: Caller = { kind: 'slack', team: 'T1', user: 'U1' };
    await expect(at.theirs.on.app.client.me(account, {})).resolves.toMatchObject({ person: 'johanna' });
    await expect(at.ours.on.app.client.me(account, {})).rejects.toMatchObject({ code: 'token_unknown' });
  });
});

/** How a route is tried: `everybody` is told the same; the rest with what is theirs in its path, or its body. */
type Wire = 'everybody' | 'operations' | { readonly path: string; readonly body?: unknown; readonly names: boolean };

function wires({ task, turn, amendment, delegation, action, consent, duty }: Theirs): Readonly<Record<string, Wire>> {
  const expires = delegating.expires;
  const service: Record<string, Wire> = {
    'POST /v1/delegations': { path: '/v1/delegations', body: { to: 'finance-analyst', task: why, expires }, names: false },
    'DELETE /v1/delegations/:id': { path: `/v1/delegations/${delegation}`, names: true },
    'POST /v1/decisions': { path: '/v1/decisions', body: pay, names: false },
    'POST /v1/actions': { path: '/v1/actions', body: { ...pay, rationale: why }, names: false },
    'GET /v1/actions/:id': { path: `/v1/actions/${action}`, names: true },
    'POST /v1/actions/:id/warrant': { path: `/v1/actions/${action}/warrant`, names: true },
    'POST /v1/actions/:id/receipt': { path: `/v1/actions/${action}/receipt`, body: { outcome: 'done', output: {} }, names: true },
    'POST /v1/unjudged': { path: '/v1/unjudged', body: { calls: [{ key: 'k', tool: 'crm.get_offers', args: {}, at: expires }] }, names: false },
    'GET /v1/terms': { path: '/v1/terms', names: false },
    'GET /v1/events': { path: '/v1/events', names: false },
    'GET /v1/organization': { path: '/v1/organization', names: false },
    'PUT /v1/people/:person': { path: '/v1/people/greta', body: { name: 'Greta Sommer', roles: [] }, names: false },
    'DELETE /v1/people/:person': { path: '/v1/people/greta', names: false },
    'POST /v1/tools/:server/draft': { path: '/v1/tools/crm/draft', body: { listed: LISTED }, names: false },
    'PUT /v1/tools/:server': { path: '/v1/tools/crm', body: { agents: [], tools: importTools(LISTED, 'crm').tools }, names: false },
    'DELETE /v1/tools/:server': { path: '/v1/tools/crm', names: false },
  };
  const inbox: Record<string, Wire> = {
    'POST /api/links': { path: '/api/links', names: false },
    'POST /api/session': { path: '/api/session', body: { code: 'x'.repeat(32) }, names: true },
    'GET /api/me': { path: '/api/me', names: false },
    'GET /api/people': { path: '/api/people', names: false },
    'GET /api/place': { path: '/api/place', names: false },
    'GET /api/tasks': { path: '/api/tasks', names: false },
    'GET /api/decided': { path: '/api/decided?text=', names: false },
    'GET /api/tasks/:id': { path: `/api/tasks/${task}`, names: true },
    'GET /api/tasks/:id/why': { path: `/api/tasks/${task}/why`, names: true },
    'GET /api/pictures': { path: '/api/pictures', names: false },
    'GET /api/pictures/:name': { path: '/api/pictures/finance.cash', names: false },
    'POST /api/tasks/:id/decision': { path: `/api/tasks/${task}/decision`, body: { choice: 'decline', reason: why }, names: true },
    'POST /api/tasks/:id/edit': { path: `/api/tasks/${task}/edit`, body: { args: {}, reason: why }, names: true },
    'POST /api/tasks/:id/nudge': { path: `/api/tasks/${task}/nudge`, body: { to: 'clara' }, names: true },
    'POST /api/tasks/:id/response': { path: `/api/tasks/${task}/response`, body: { text: 'why?', message: 'm' }, names: true },
    'GET /api/consents': { path: '/api/consents', names: false },
    'GET /api/rota-changes': { path: '/api/rota-changes', names: false },
    'POST /api/consents/:id': { path: `/api/consents/${consent}`, body: { word: 'given' }, names: true },
    'GET /api/duties': { path: '/api/duties', names: false },
    'POST /api/duties/:id/done': { path: `/api/duties/${duty}/done`, names: true },
    'GET /api/amendments': { path: '/api/amendments', names: false },
    'POST /api/amendments/:id/vote': {
      path: `/api/amendments/${amendment}/vote`,
      body: { digest: unknownDigest, choice: 'approve', reason: why },
      names: true,
    },
    'GET /api/rules': { path: '/api/rules', names: false },
    'GET /api/rule-templates': { path: '/api/rule-templates', names: false },
    'POST /api/rules/preview': { path: '/api/rules/preview', body: { change: NO_RULE }, names: true },
    'POST /api/rules': { path: '/api/rules', body: { change: NO_RULE, reason: why, draft: unknownDigest }, names: true },
    'GET /api/turns/:turn': { path: `/api/turns/${turn}`, names: true },
    'GET /api/stream': { path: '/api/stream', names: false },
    'POST /api/session/end': { path: '/api/session/end', names: false }, // the last one: it ends ours
  };
  const pages = ['/', '/decided', '/amendments', '/amendments/:id', '/rules', '/tasks/:id', '/pictures', '/pictures/:name'].map(
    (path) => [`GET ${path}`, 'everybody'] as const,
  );
  const others = ['/healthz', '/readyz', '/v1/openapi.json', '/api/openapi.json'].map((path) => [`GET ${path}`, 'everybody'] as const);
  return { ...Object.fromEntries([...pages, ...others]), 'POST /v1/:operation': 'operations', ...service, ...inbox };
}

describe('every route', () => {
  /** As `who` sends it to us. */
  async function sent(key: string, wire: Exclude<Wire, string>, who: Readonly<Record<string, string>>) {
    const { url } = at.ours;
    const headers = {
      ...who,
      ...(key.startsWith('GET') ? {} : { 'content-type': 'application/json', 'idempotency-key': key, ...('cookie' in who ? { origin: url } : {}) }),
    };
    const init = wire.body === undefined ? {} : { body: JSON.stringify(wire.body) };
    const abort = new AbortController();
    const response = await fetch(`${url}${wire.path}`, { method: key.split(' ')[0] ?? '', headers, signal: abort.signal, ...init });
    if (key !== 'GET /api/stream' || !response.ok) return { status: response.status, text: await response.text() };
    const first = await response.body?.getReader().read();
    abort.abort(); // it never ends
    return { status: response.status, text: new TextDecoder().decode(first?.value) };
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const session = async ({ on, url }: ServiceStage, token: string) => signIn(await inboxLink({ dataDir: on.dataDir, as: undefined, token, url }));
  const OWNERS = /^DELETE \/v1\/delegations|\/v1\/(organization|people|tools)/; // the rest is for whoever holds a delegation
  const inTable = (): readonly (readonly [string, Exclude<Wire, string>])[] =>
    Object.entries(wires(at.ids)).flatMap(([key, wire]) => (typeof wire === 'string' ? [] : [[key, wire] as const]));

  test('has a line here', () => {
    const missing = () => Promise.resolve([]);
    const { client } = at.ours.on.app;
    const app = served({ client, operator: OPERATOR, host: '', port: 0, missing, log: () => undefined }, new AbortController().signal);
    const routes = new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`));
    expect(Object.keys(wires(at.ids)).sort()).toEqual([...routes].sort());
  });

  test.each(operations)('POST /v1/%s: a token of theirs opens nothing', async (operation) => {
    const { names = [], reads, acts } = tried(operation);
    for (const token of Object.values(at.secrets)) {
      const { status, text } = await sent('POST', { path: `/v1/${operation}`, body: names[0] ?? reads ?? acts, names: false }, bearer(token));
      expect([status, text]).toEqual([status === 403 ? 403 : 401, expect.stringContaining('charter:token_unknown')]);
      holdsNothing(text, names, operation);
    }
    await unchanged(operation);
  });

  test('tokens and sessions of theirs open nothing', async () => {
    const theirs = [bearer(at.secrets.owner), bearer(at.secrets.delegate), await session(at.theirs, at.secrets.owner)];
    for (const [key, wire] of inTable())
      for (const who of theirs) {
        const { status, text } = await sent(key, wire, who);
        expect([401, 403], `${key}: ${status} ${text}`).toContain(status);
        holdsNothing(text, wire, key);
      }
    await unchanged('with their tokens and sessions');
  });

  test('what is theirs is nowhere in hands of ours', async () => {
    const ours = await session(at.ours, own.owner);
    const [owner, delegate] = [bearer(own.owner), bearer(own.delegate)];
    for (const [key, wire] of inTable()) {
      const whose = !wire.path.startsWith('/v1/') ? (key === 'POST /api/links' ? owner : ours) : OWNERS.test(key) ? owner : delegate;
      const { status, text } = await sent(key, wire, whose);
      if (wire.names) expect([400, 403, 404], `${key}: ${status} ${text}`).toContain(status);
      else expect(status, `${key}: ${text}`).toBeLessThan(300); // it was read, and not refused for something else
      holdsNothing(text, wire, key);
    }
    await unchanged('with what is theirs in hands of ours');
  });
});
