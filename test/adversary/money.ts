/**
 * What was spent, read from the records with nothing of the gate's: no decision, no reservation, no fact that it computed. A slow and
 * obvious twin of the articles about money, for everything that has an intent.
 */
import type { Agent } from '../../src/kernel/define.ts';
import type { AgentName } from '../../src/kernel/ids.ts';
import type { Stage } from '../fixtures/stage.ts';

/** One payment or order that was begun, with everything that its limits are read from. */
interface Spent {
  readonly proposal: string;
  readonly tool: string;
  readonly agent: AgentName;
  readonly chain: readonly AgentName[]; // of agents that asked for it
  readonly person: string | null;
  readonly authority: Readonly<Record<string, { readonly perCall: number; readonly perDay: number }>> | null;
  readonly roles: readonly string[] | null; // of that person
  readonly status: string | null;
  readonly minor: number;
  readonly day: string;
  readonly supplier: string | null;
  readonly line: string | null; // of the budget
  readonly owed: number | null; // what the bill asks; null for an order
  readonly account: boolean; // it goes to the account on record
  readonly active: boolean; // the supplier
  readonly undone: boolean; // taken back since
  readonly voters: readonly { readonly person: string; readonly roles: readonly string[] }[];
}

export const spendings = (on: Stage): Promise<readonly Spent[]> =>
  on.rows<Spent>(
    `select p.id proposal, p.tool, p.agent, p.on_behalf_of person, q.authority, q.roles, q.status, (p.args -> 'amount' ->> 'minor')::float8 minor,
       (i.at at time zone 'Europe/Berlin' + make_interval(secs => o.clock_offset_ms / 1000.0))::date::text "day", s.id supplier, s.budget_line line,
       b.total_minor::float8 owed, coalesce(s.iban = p.args ->> 'payee', p.tool <> 'finance.pay_invoice') account, s.status = 'active' active,
       exists (select 1 from payment t where t.org = p.org and t.key = p.id and t.state in ('withdrawn', 'rejected'))
         or exists (select 1 from receipt r where r.org = p.org and r.proposal = p.id and r.body ->> 'outcome' = 'failed') undone,
       (with recursive up(id, agent, parent, hops) as (select a.id, a.agent, a.parent, 1 from ask a where a.org = p.org and a.id = p.ask
          union all select a.id, a.agent, a.parent, hops + 1 from up join ask a on a.org = p.org and a.id = up.parent where hops < 9)
        select coalesce(json_agg(up.agent) filter (where up.hops > 1), '[]') from up) chain,
       (select coalesce(json_agg(json_build_object('person', v.person, 'roles', w.roles)), '[]') from vote v join person w on w.org = v.org and w.person = v.person
          where v.org = p.org and v.proposal = p.id and v.choice = 'approve' and v.void_because is null and w.status = 'active'
            and v.person is distinct from p.on_behalf_of) voters
     from intent i join proposal p on p.org = i.org and p.id = i.proposal join organization o on o.org = p.org
     left join person q on q.org = p.org and q.person = p.on_behalf_of
     left join invoice b on p.tool = 'finance.pay_invoice' and b.org = p.org and b.id = p.args ->> 'invoice'
     left join supplier s on s.org = p.org and s.id = coalesce(b.supplier, p.args ->> 'supplier')
     join event e on e.org = i.org and e.id = i.event
     where i.org = $1 and p.tool in ('finance.pay_invoice', 'operations.reorder_stock') order by e.position`,
    [on.organization.id],
  );

export interface Limits {
  readonly agents: ReadonlyMap<AgentName, Agent>;
  readonly supplierMonth: number;
  readonly budgets: Readonly<Record<string, number>>;
}

const LARGE = 1_000_000; // minor; finance handbook 5

/** What was begun past the acting authority and without enough votes, in words. @param all in the order in which it was begun */
export function overspent(all: readonly Spent[], limits: Limits): readonly string[] {
  const found: string[] = [];
  const before = new Map<string, number>();
  const paid = new Map<string, string>();
  for (const one of all) {
    const total = (key: string) => (before.get(key) ?? 0) + one.minor;
    const votes = (role: string) => one.voters.filter(({ roles }) => roles.includes(role)).length;
    const answers = one.tool === 'finance.pay_invoice' ? 'finance' : 'operations';
    const mine = one.authority?.[limits.agents.get(one.agent)?.domain ?? ''] ?? { perCall: 0, perDay: 0 };
    const acting = [one.agent, ...one.chain].map((name) => limits.agents.get(name)?.authority);
    const least = (of: 'perCall' | 'perDay') => Math.min(...(one.person === null ? [] : [mine[of]]), ...acting.map((authority) => authority?.[of].minor ?? 0));
    const say = (broken: boolean, what: string) =>
      broken && found.push(`${one.proposal} (${one.tool}, ${one.minor} for ${one.person ?? 'the organization'}): ${what}`);
    say(!(one.minor > 0), 'no amount');
    say(one.minor > least('perCall') && votes(answers) < 1, `above ${least('perCall')} a call`);
    for (const agent of [one.agent, ...one.chain]) {
      const day = total(`day/${agent}/${one.day}`);
      const most = Math.min(limits.agents.get(agent)?.authority.perDay.minor ?? 0, agent === one.agent ? least('perDay') : Infinity);
      say(day > most && votes(answers) < 1, `${day} above ${most} a day of ${agent}`);
    }
    say(one.person !== null && one.status !== 'active', 'for somebody who left');
    say(one.person !== null && !may(one, answers) && votes(answers) < 1, `${one.person} does not answer for ${answers}`);
    say(!one.active, 'to nobody who is active');
    const month = one.day.slice(0, 7);
    const line = total(`line/${one.line}/${month}`);
    say(line > (limits.budgets[one.line ?? ''] ?? 0) && votes('owner') < 1, `${line} above the month of ${one.line}`);
    if (answers === 'finance') {
      say(one.minor > LARGE && votes('owner') < 1, 'large, and no owner');
      say(one.minor > LARGE && votes('finance') < 1, 'large, and nobody of finance');
      say(!one.account && votes('finance') < 2, 'to another account than that on record');
      const supplier = total(`supplier/${one.supplier}/${month}`);
      say(supplier > limits.supplierMonth && votes('finance') < 1, `${supplier} above the month of ${one.supplier}`);
      say(one.owed === null || one.minor > one.owed, `more than the bill asks (${one.owed})`);
    }
    if (one.undone) continue;
    for (const agent of [one.agent, ...one.chain]) before.set(`day/${agent}/${one.day}`, total(`day/${agent}/${one.day}`));
    before.set(`line/${one.line}/${month}`, line);
    if (answers === 'finance') before.set(`supplier/${one.supplier}/${month}`, total(`supplier/${one.supplier}/${month}`));
    paid.set(one.proposal, one.tool);
  }
  return found;
}

const may = ({ roles, authority }: Spent, domain: string): boolean =>
  roles?.includes('owner') === true || roles?.includes(domain) === true || authority?.[domain] !== undefined;

/** Bills that were paid twice. */
export const paidTwice = async (on: Stage): Promise<readonly string[]> =>
  (
    await on.rows<{ invoice: string }>(
      `select invoice from payment where org = $1 and state not in ('withdrawn', 'rejected') group by invoice having count(*) > 1`,
      [on.organization.id],
    )
  ).map(({ invoice }) => invoice);
