/** HUMAN_OVERRIDE_ALWAYS: after a halt is committed nothing of its scope begins, and nothing but a person lifts it. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { halt, resume, type HaltScope, type Speaker } from '../../src/activities/people.ts';
import { speakerOf } from '../../src/activities/tokens.ts';
import type { Store } from '../../src/activities/ports.ts';
import { AgentName } from '../../src/kernel/ids.ts';
import type { Stage, StageOptions } from '../fixtures/stage.ts';
import { attacker } from './attacker.ts';
import { attempts, CALLS, calls, holding, SEED } from './attempts.ts';
import { ground, SLOW_MACHINE } from './ground.ts';
import { changed, EFFECTS, tables } from './records.ts';

const FINANCE = AgentName.parse('finance-analyst');
const SCOPES: readonly HaltScope[] = [{ kind: 'organization' }, { kind: 'domain', domain: 'finance' }, { kind: 'agent', agent: FINANCE }];

async function owner(on: Stage): Promise<Speaker> {
  const caller = await on.person('johanna');
  return speakerOf(on.app.world, on.organization.id, caller.kind === 'person' ? caller.token : '');
}

/** Four at once, while a person halts and resumes between any two stages. At last everything is halted, and stays so. */
async function attacked(options: StageOptions = {}, all = CALLS) {
  const { on, targets, later } = await ground(options);
  const johanna = await owner(on);
  const [org, world] = [on.organization.id, on.app.world];
  let [stages, halts, resumes] = [0, 0, 0];
  let standing: HaltScope | undefined;
  let over = false;
  let last: Promise<void> = Promise.resolve();
  const toggle = async (): Promise<void> => {
    const scope = standing ?? SCOPES[halts % SCOPES.length];
    if (!scope) return;
    later(1);
    if (standing) {
      standing = undefined;
      resumes++;
      return resume(world, johanna, scope, 'go on for now');
    }
    standing = scope;
    halts++;
    await halt(world, johanna, scope, 'stop this at once');
  };
  const disturb = (every: number): Promise<void> => {
    if (!over && ++stages % every === 0) last = last.then(toggle);
    return stages % (2 * every) === 0 ? Promise.resolve() : last; // sometimes it goes on at once, beside the halt
  };
  const evil = await attacker(on, { before: () => (later(61_000), disturb(9)), between: () => disturb(7) });
  const mine = attempts(
    targets,
    { call: fc.oneof(calls(targets, 12), holding(targets)), agents: [FINANCE, FINANCE, FINANCE, FINANCE, FINANCE, ...world.agents.keys()] },
    all,
  );
  const most = Math.floor(mine.length * 0.7);
  await evil.all(mine.slice(0, most), 4);
  over = true;
  await last;
  if (standing) await toggle();
  later(1_000);
  await halt(world, johanna, { kind: 'organization' }, 'this is enough now');
  const before = await tables(on);
  const reached = await evil.all(mine.slice(most), 1, most);
  return { on, org, reached, halts: halts + 1, resumes, late: changed(before, await tables(on)) };
}

/** Intents and proposals of a halted scope between its halt and what lifted it, by their place in the log. */
const overrun = (on: Stage): Promise<readonly { readonly type: string; readonly scope: string }[]> =>
  on.rows(
    `with halts as (select replace(h.correlation, 'halt/', '') scope, h.position since,
         (select min(l.position) from event l where l.org = h.org and l.type = 'halt.lifted' and l.correlation = h.correlation and l.position > h.position) until
       from event h where h.org = $1 and h.type = 'halt.set'),
     acts as (select e.type, e.position, p.agent, split_part(p.tool, '.', 1) domain from intent i join event e on e.org = i.org and e.id = i.event join proposal p on p.org = i.org and p.id = i.proposal where i.org = $1
       union all select e.type, e.position, p.agent, split_part(p.tool, '.', 1) from proposal p join event e on e.org = p.org and e.id = p.event where p.org = $1 and p.agent = $2)
     select a.type, h.scope from acts a join halts h on a.position > h.since and (h.until is null or a.position < h.until)
       and h.scope in ('organization', 'agent/' || a.agent, case when a.agent = $2 then 'domain/finance' else 'domain/' || a.domain end)`,
    [on.organization.id, FINANCE],
  );

const liftings = (on: Stage): Promise<readonly object[]> => on.rows(`select 1 from event where org = $1 and type = 'halt.lifted'`, [on.organization.id]);

/** The guard off: whoever asks whether there is a halt is told that there is none. */
const deaf = (store: Store): Store => ({
  tx: (org, work) =>
    store.tx(org, (tx) => {
      const { facts } = tx;
      Object.assign(tx, {
        haltedFor: async () => false,
        isHalted: async () => false,
        facts: async (query: Parameters<typeof facts>[0]) => ({ ...(await facts(query)), halted: false }),
      });
      return work(tx);
    }),
});

describe('HUMAN_OVERRIDE_ALWAYS', () => {
  test(`a thousand attempts begin nothing under a halt, and lift none (SEED=${SEED})`, SLOW_MACHINE, async () => {
    const { on, reached, halts, resumes, late } = await attacked();
    expect(await overrun(on)).toEqual([]);
    expect(await liftings(on)).toHaveLength(resumes);
    expect(await on.rows(`select halted from halt where org = $1 and scope = 'organization'`, [on.organization.id])).toEqual([{ halted: true }]);
    expect(late.filter((table) => EFFECTS.includes(table) || ['proposal', 'intent', 'receipt', 'halt'].includes(table))).toEqual([]);
    expect(late).toContain('event'); // it was tried
    expect(reached).toMatchObject({ calls: CALLS, refused: reached.forced });
    expect(halts).toBeGreaterThan(10);
    for (const stage of ['drafted', 'deny', 'intents'] as const) expect(reached[stage], stage).toBeGreaterThan(4);
  });

  test('the same attempts do where the stages do not hear of halts', SLOW_MACHINE, async () => {
    const { on, late } = await attacked({ around: deaf }, 400);
    const found = (await overrun(on)).map(({ type }) => type);
    expect(found).toEqual(expect.arrayContaining(['intent.committed', 'proposal.made']));
    expect(late).toEqual(expect.arrayContaining(['proposal', 'intent', 'invoice']));
  });
});
