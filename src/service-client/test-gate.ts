/** A gate in memory, behind the same wire: what is governed can be tested for each answer without an organization. It decides nothing by itself. */

/** What it says of a tool: at once, or when `decide` is called for an action that waits for people. */
export type TestVerdict = 'permit' | 'deny' | 'escalate';

interface TestAction {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
  state: 'permitted' | 'denied' | 'waits_for_people' | 'declined' | 'done' | 'failed';
  fetched: boolean;
  receipt: Record<string, unknown> | null;
}

export interface TestGate {
  /** For `createClient({ url: 'http://gate.test', token: 'any', fetch })`. */
  readonly fetch: typeof fetch;
  /** What was asked to be done, in order, and what became of it. */
  actions(): readonly Readonly<TestAction>[];
  /** What people say of an action that waits. @throws Error where none of that id waits */
  decide(id: string, choice: 'approve' | 'decline'): void;
  /** From now on it answers nothing, as a gate that is away; `false`: it is back. */
  away(is: boolean): void;
}

/** @param verdicts by tool; a tool that is not named is denied, as the gate denies what it does not know */
export function testGate(verdicts: Readonly<Record<string, TestVerdict>>): TestGate {
  const byKey = new Map<string, TestAction>();
  let gone = false;
  const verdictOf = (tool: string): TestVerdict => (Object.hasOwn(verdicts, tool) ? verdicts[tool] : undefined) ?? 'deny';
  const act = (key: string, { tool, args }: Called): TestAction => {
    const known = byKey.get(key);
    if (known) return known;
    const state = { permit: 'permitted', deny: 'denied', escalate: 'waits_for_people' } as const;
    const made: TestAction = { id: `action-${byKey.size + 1}`, tool, args, state: state[verdictOf(tool)], fetched: false, receipt: null };
    byKey.set(key, made);
    return made;
  };
  const answered = (method: string, path: string, key: string, body: unknown): Response => {
    const [, , noun, id, verb] = path.split('/');
    if (method === 'POST' && noun === 'decisions') {
      const verdict = verdictOf(calledOf(body).tool);
      return said(200, { event: 'event-1', verdict, kind: verdict, articles: [], needs: [], why: [] });
    }
    if (method === 'POST' && noun === 'actions' && id === undefined) return said(202, shown(act(key, calledOf(body))));
    const action = [...byKey.values()].find((one) => one.id === id);
    if (!action) return said(404, { type: 'charter:not_found', title: 'not found', detail: `There is no action \`${id ?? ''}\`.`, exit: 2 });
    if (verb === 'warrant') {
      const again = action.fetched;
      action.fetched ||= action.state === 'permitted';
      return said(200, { ...shown(action), warrant: action.state === 'permitted' ? `warrant-of-${action.id}` : null, again });
    }
    if (verb === 'receipt') {
      action.receipt = recordOf(body);
      action.state = action.receipt['outcome'] === 'done' ? 'done' : 'failed';
    }
    return said(200, shown(action));
  };
  return {
    fetch: (input, init = {}) => {
      if (gone) return Promise.reject(new TypeError('fetch failed'));
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const key = new Headers(init.headers).get('idempotency-key') ?? '';
      return Promise.resolve(answered(init.method ?? 'GET', pathname, key, typeof init.body === 'string' ? JSON.parse(init.body) : undefined));
    },
    actions: () => [...byKey.values()],
    decide(id, choice) {
      const action = [...byKey.values()].find((one) => one.id === id && one.state === 'waits_for_people');
      if (!action) throw new Error(`No action \`${id}\` waits for people.`);
      action.state = choice === 'approve' ? 'permitted' : 'declined';
    },
    away: (is) => void (gone = is),
  };
}

interface Called {
  readonly tool: string;
  readonly args: unknown;
}

const recordOf = (body: unknown): Record<string, unknown> => (typeof body === 'object' && body !== null ? { ...body } : {});

function calledOf(body: unknown): Called {
  const { tool, args } = recordOf(body);
  if (typeof tool !== 'string') throw new TypeError('A call names its tool.');
  return { tool, args };
}

const said = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } });

const VERDICTS = { denied: 'deny', declined: 'deny', waits_for_people: 'escalate', permitted: 'permit', done: 'permit', failed: 'permit' } as const;
const OPEN: readonly string[] = ['permitted', 'waits_for_people'];

const shown = ({ id, tool, state, receipt }: TestAction) => ({
  ...{ id, tool, state, settled: !OPEN.includes(state), receipt, trace: null },
  decision: { verdict: VERDICTS[state], kind: state, articles: [], needs: [], why: [] },
});
