/** The week's report on what ran in shadow: made on demand for a week that runs, kept once for one that is over. */
import type { OrgId } from '../kernel/ids.ts';
import type { Verdict } from '../kernel/nouns.ts';
import { addDays, instantAt, localTime, weekOf, type LocalDate } from '../kernel/time.ts';
import type { Became, WeekReport, WeekRow } from '../kernel/week-report.ts';
import type { JudgedInWeek } from './amendments/ports.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

const MOST_SHOWN = 200; // rows with what people did; more are counted

/** The report as it was kept when the week was over; of a week that runs, as it is now. */
export function weekReport(world: World, org: OrgId, day: LocalDate | null): Promise<WeekReport> {
  return world.store.tx(org, async (tx) => {
    const { today } = await now(world, tx);
    const week = weekOf(day ?? today);
    return (await world.weeks.kept(tx, week)) ?? made(world, tx, week, today);
  });
}

/** Keeps the report of the week that ended last, once. Where nothing ran in shadow and nothing was observed there is none. @returns how many it kept */
export function keepLastWeek(world: World, org: OrgId): Promise<number> {
  return world.store.tx(org, async (tx) => {
    const { today, times } = await now(world, tx);
    const week = addDays(weekOf(today), -7);
    await tx.lock(['week-report']);
    if (await world.weeks.kept(tx, week)) return 0;
    const report = await made(world, tx, week, today);
    if (report.agents.length + report.observed.length === 0) return 0;
    const { rows, ...counts } = report;
    const event = await record(world, tx, {
      org,
      type: 'week.reported',
      key: [week],
      causes: [],
      correlation: `week/${week}`,
      times,
      groups: { payload: { subject: 'organization', value: { ...counts, proposals: rows.map(({ proposal }) => proposal) } } },
    });
    await world.weeks.keep(tx, report, event, times.wall);
    return 1;
  });
}

async function now(world: World, tx: Tx) {
  const times = await tx.times();
  return { times, today: localTime(times.business, world.settings(tx.org).zone).date };
}

async function made(world: World, tx: Tx, week: LocalDate, today: LocalDate): Promise<WeekReport> {
  const { zone, currency } = world.settings(tx.org);
  const judged = await world.weeks.judged(tx, instantAt(week, '00:00', zone), instantAt(addDays(week, 7), '00:00', zone));
  const shadowed = judged.filter(({ level }) => level === 'shadow');
  const rows: WeekRow[] = [];
  for (const one of shadowed.slice(0, MOST_SHOWN)) rows.push(await rowOf(world, tx, one, zone));
  const sunday = addDays(week, 6);
  return {
    week,
    until: today < sunday ? today : sunday,
    currency,
    agents: agentsOf(shadowed, rows),
    observed: observedOf(judged),
    rows,
    more: shadowed.length - rows.length,
  };
}

async function rowOf(world: World, tx: Tx, one: JudgedInWeek, zone: string): Promise<WeekRow> {
  const { proposal, agent, tool, about, verdict: would, minor, args, stands, at } = one;
  const day = localTime(at, zone).date;
  const really = await world.weeks.really(tx, one, day);
  const parties = Object.values(args).filter((value) => typeof value === 'string');
  const became: Became = really ? (really.same ? 'same' : 'otherwise') : stands;
  return { proposal, agent, tool, about, day, would, minor, became, says: really?.says ?? '', parties };
}

const NO_VERDICT: Readonly<Record<Verdict, number>> = { permit: 0, escalate: 0, deny: 0 };
const NOTHING_BECAME: Readonly<Record<Became, number>> = { same: 0, otherwise: 0, settled: 0, open: 0, untold: 0 };

function agentsOf(shadowed: readonly JudgedInWeek[], rows: readonly WeekRow[]): WeekReport['agents'] {
  const names = [...new Set(shadowed.map(({ agent }) => agent))].sort();
  return names.map((agent) => {
    const own = shadowed.filter((one) => one.agent === agent);
    const shown = new Map(rows.map(({ proposal, became }) => [proposal, became]));
    const [would, became] = [{ ...NO_VERDICT }, { ...NOTHING_BECAME }];
    for (const { verdict, proposal, stands } of own) {
      would[verdict]++;
      became[shown.get(proposal) ?? stands]++;
    }
    const minor = own.reduce((sum, { verdict, minor: moved }) => sum + (verdict === 'deny' ? 0 : (moved ?? 0)), 0);
    return { agent, judged: own.length, would, became, minor };
  });
}

function observedOf(judged: readonly JudgedInWeek[]): WeekReport['observed'] {
  const spoke = new Map<string, WeekReport['observed'][number]>();
  for (const { observed } of judged) {
    for (const { id, article, title } of observed?.articles ?? []) {
      const before = spoke.get(id) ?? { article, title, spoke: 0, denied: 0, asked: 0 };
      const [denied, asked] = [observed?.verdict === 'deny' ? 1 : 0, observed?.verdict === 'escalate' ? 1 : 0];
      spoke.set(id, { ...before, spoke: before.spoke + 1, denied: before.denied + denied, asked: before.asked + asked });
    }
  }
  return [...spoke.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
