/** Rules about any tool and any agent that an owner makes without Cedar. */
import { asking, cedar, defineTemplate, type DraftedCase } from '../../src/kernel/template.ts';

const called = (name: string): DraftedCase => ({ name, facts: {} });
/** Some tool that is another one. */
const notThis = (tool: string): string => (tool === 'finance.hold_invoice' ? 'finance.withdraw_payment' : 'finance.hold_invoice');
/** No agent is called so: a name is at most 40 characters, and this one too. */
const other = (agent: string): string => (agent === 'somebody-else' ? 'another-one' : 'somebody-else');

/** One tool of one agent: neither the same tool of another agent, nor another tool of this one. */
const ofAgent = (agent: string, tool: string) => ({
  tool,
  agent,
  caught: [called('its call')],
  free: [
    { ...called('that of another agent'), agent: other(agent) },
    { ...called('a call of another tool'), tool: notThis(tool) },
  ],
});

export const tool = defineTemplate({
  id: 'tool-needs',
  domain: 'any',
  title: '{tool} needs {count} of {role}',
  says: 'Whoever proposes it, people decide. For tools of other servers as well.',
  takes: ['tool', 'count', 'role'],
  draft: ({ tool: name, count, role }) => ({
    action: cedar`== Action::${name}`,
    when: null,
    asks: asking(role, count),
    words: null,
    cases: { tool: name, caught: [called('a call')], free: [{ ...called('a call of another tool'), tool: notThis(name) }] },
  }),
});

export const toolOfAgent = defineTemplate({
  id: 'agent-tool-needs',
  domain: 'any',
  title: 'Where {agent} proposes {tool} it needs {role}',
  says: 'One agent asks first; what others do stays as it is.',
  takes: ['agent', 'tool', 'role'],
  draft: ({ agent, tool: name, role }) => ({
    agent,
    action: cedar`== Action::${name}`,
    when: null,
    asks: asking(role),
    words: null,
    cases: ofAgent(agent, name),
  }),
});

export const never = defineTemplate({
  id: 'agent-never',
  domain: 'any',
  title: '{agent} never uses {tool}',
  says: 'Nobody’s word lifts it, until the rule is removed.',
  takes: ['agent', 'tool'],
  draft: ({ agent, tool: name }) => ({
    agent,
    action: cedar`== Action::${name}`,
    when: null,
    asks: null,
    words: null,
    cases: ofAgent(agent, name),
  }),
});

export const pace = defineTemplate({
  id: 'agent-pace',
  domain: 'any',
  title: '{agent} makes at most {calls} proposals a minute',
  says: 'A slower pace than the base constitution’s 120.',
  takes: ['agent', 'calls'],
  draft: ({ agent, calls }) => {
    const after = (name: string, calls_last_minute_agent: number): DraftedCase => ({ name, facts: { base: { calls_last_minute_agent } } });
    return {
      agent,
      action: cedar`in Action::"Act"`,
      when: cedar`context.base.calls_last_minute_agent >= ${calls}`,
      asks: null,
      words: null,
      cases: {
        tool: 'finance.hold_invoice',
        agent,
        caught: [after('one more', calls)],
        free: [after('the last one', calls - 1), { ...after('one more of another agent', calls), agent: other(agent) }],
      },
    };
  },
});

export const requested = defineTemplate({
  id: 'asked-outside-hours',
  domain: 'any',
  title: 'What people ask agents for before {from} and from {until} o’clock needs {role}',
  says: 'A request in the middle of the night waits for somebody; reviews run on.',
  takes: ['from', 'until', 'role'],
  draft: ({ from, until, role }) => {
    const at = (name: string, hour: number, requester: string | null = 'clara'): DraftedCase => ({ name, facts: { base: { hour, requester } } });
    const [early, late] = [cedar`context.base.hour < ${from}`, cedar`context.base.hour >= ${until}`];
    const outside = [...(from > 0 ? [from - 1] : []), ...(until < 24 ? [until] : [])];
    return {
      action: cedar`in Action::"Act"`,
      when: cedar`context.base has requester && (${from === 0 ? late : until === 24 ? early : cedar`${early} || ${late}`})`,
      asks: asking(role),
      words: null,
      cases: {
        tool: 'finance.hold_invoice',
        caught: outside.map((hour) => at(`asked at ${hour}`, hour)),
        free: [at(`asked at ${from}`, from), at(`asked at ${until - 1}`, until - 1), ...outside.map((hour) => at(`by a review at ${hour}`, hour, null))],
      },
    };
  },
});
