/** Commands about what is in force, how it changes, and how far each agent may go. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import type { AmendmentCard, DraftReport, Outputs } from '../../client.ts';
import { isDeclared } from '../../kernel/declared.ts';
import { Digest } from '../../kernel/digest.ts';
import { Level } from '../../kernel/nouns.ts';
import { LocalDate } from '../../kernel/time.ts';
import { amendmentSays, changesInWords, replayInWords } from '../amendment-words.ts';
import type { Call } from './human-commands.ts';
import { reading } from './reading-commands.ts';
import { weekInWords } from '../../kernel/week-words.ts';
import { plain, shortId, table } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const MOST_REPLAYED = 1_000; // told one by one; all are counted

const dayOf = (text: string): LocalDate => {
  const parsed = LocalDate.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`\`${text}\` is no day; write it like 2026-03-02.`);
  return parsed.data;
};

export function constitutionCommands(program: Command, shared: Shared, call: Call): void {
  const group = program.command('constitution').description('the articles in force, and how they change');
  looking(group, shared, call);
  reading(group, shared, call);
  amending(group, shared, call);
  levels(program, shared, call);
}

function looking(group: Command, { print, exit }: Shared, call: Call): void {
  group
    .command('show [amendment]')
    .description('the articles in force; or an amendment; or, with --amendments, all of them')
    .option('--amendments', 'every amendment that was ever proposed')
    .action(async (id: string | undefined, { amendments }: { amendments?: boolean }) => {
      if (id !== undefined) return shownAmendment({ print, exit }, await call('amendment', { id }));
      if (amendments) {
        const all = await call('amendments', { all: true });
        return print(all, all.length === 0 ? 'Nobody has proposed an amendment.' : all.map(amendmentLine).join('\n'));
      }
      const inForce = await call('constitution_show', {});
      return print(inForce, inForceInWords(inForce));
    });
  group
    .command('diff')
    .description('what the files would change, in words')
    .action(async () => {
      const report = await call('constitution_check', { parts: ['replay'] });
      print(report, reportInWords(report));
      exit(report.problems.length > 0 ? EXIT.failed : EXIT.done);
    });
  group
    .command('check')
    .description('whether the files could be put to the vote, and what they would have changed in recorded decisions')
    .action(async () => {
      const report = await call('constitution_check', {});
      const good = `The draft ${report.draft.slice(0, 12)} can be put to the vote: ${report.cases} cases hold, ${report.changes.length} changes. ${replayInWords(report.replay, report.currency).join('\n')}`;
      const declared = changesInWords(report.changes.filter(isDeclared));
      print(report, report.problems.length > 0 ? problemsInWords(report.problems) : [good, ...declared].join('\n'));
      exit(report.problems.length > 0 ? EXIT.failed : EXIT.done);
    });
  group
    .command('test')
    .description('the cases beside the articles, and whether they notice when an article is changed')
    .action(async () => {
      const report = await call('constitution_check', { parts: ['mutation'] });
      print(report, report.problems.length > 0 ? problemsInWords(report.problems) : testedInWords(report));
      exit(report.problems.length > 0 ? EXIT.failed : EXIT.done);
    });
  group
    .command('prove')
    .description('what holds of every call that there could be, whatever the articles come to')
    .action(async () => {
      const report = await call('constitution_check', { parts: ['proofs'] });
      print(report.proofs, report.proofs.length > 0 ? provedInWords(report) : problemsInWords(report.problems));
      exit(report.proofs.length === 0 || report.proofs.some(({ verdict }) => verdict === 'refuted') ? EXIT.failed : EXIT.done);
    });
  group
    .command('replay')
    .description('every recorded decision that the files would have decided otherwise, with the money and the people that it touches')
    .option('--since <date>', 'those since a day alone, such as 2026-03-02', dayOf)
    .action(async ({ since }: { since?: LocalDate }) => {
      const report = await call('constitution_check', { parts: ['replay'], shown: MOST_REPLAYED, ...(since === undefined ? {} : { since }) });
      if (report.problems.length > 0 && !report.replay) print(report, problemsInWords(report.problems));
      else print(report.replay, replayInWords(report.replay, report.currency).map(plain).join('\n') || 'Nothing is in force yet, so nothing was decided.');
      exit(report.replay || report.problems.length === 0 ? EXIT.done : EXIT.failed);
    });
  group
    .command('history')
    .description('what was ever put in force, by whom')
    .action(async () => {
      const rows = await call('constitution_history', {});
      const told = rows.map(
        ({ digest, by, at, amendment, changes }) =>
          `${at}  ${digest.slice(0, 12)}  by ${by}${amendment === null ? '' : `  ${shortId(amendment)}: ${changes.map(({ name, how }) => `${name} ${how}`).join(', ')}`}`,
      );
      print(rows, told.join('\n') || 'Nothing was ever ratified here.');
    });
}

function amending(group: Command, { print, exit, tell }: Shared, call: Call): void {
  group
    .command('amend')
    .description('put the files, as they are now, to the vote of the owners; needs --as an owner')
    .requiredOption('--reason <text>', 'why')
    .action(async ({ reason }: { reason: string }) => {
      const amendment = await settled(call, await call('amend', { reason }));
      shownAmendment({ print, exit }, amendment);
    });
  group
    .command('ratify [amendment]')
    .description('vote for an amendment, as an owner; where nothing is in force yet, put the files in force')
    .option('--decline', 'vote against it')
    .option('--digest <digest>', 'only if this is its digest')
    .option('--reason <text>', 'why; a decline needs one')
    .action(async (amendment: string | undefined, { decline, digest, reason }: { decline?: boolean; digest?: string; reason?: string }) => {
      const on = await voted(call, tell, amendment);
      const seen = digest === undefined ? on?.digest : digestOf(digest);
      const done = await call('ratify', {
        choice: decline ? 'decline' : 'approve',
        ...(on ? { amendment: on.id } : amendment === undefined ? {} : { amendment }),
        ...(seen === undefined ? {} : { digest: seen }),
        ...(reason === undefined ? {} : { reason }),
      });
      if (done.amendment === null) return print(done, `Ratified: ${done.constitution}`);
      const now = await settled(call, done.amendment, done.counted);
      print({ ...done, amendment: now }, `${done.message}\n${amendmentInWords(now)}`);
      exit(done.counted ? exitOf(now) : EXIT.denied);
    });
}

/** What is voted on is what was shown: the amendment that is named, or the only one that is open; none where the files begin. */
async function voted(call: Call, tell: Shared['tell'], named: string | undefined): Promise<AmendmentCard | undefined> {
  const [only, ...more] = named === undefined ? await call('amendments', { all: false }) : [await call('amendment', { id: named })];
  if (!only || more.length > 0) return undefined;
  tell(`${amendmentInWords(only)}\n`);
  return only;
}

function levels(program: Command, { print, exit }: Shared, call: Call): void {
  const group = program.command('level').description('how far each agent may go: shadow (judged, not done), ask (people say yes to everything), act');
  group.command('show [agent]').action(async (agent: string | undefined) => {
    const rows = (await call('levels', {})).filter((row) => agent === undefined || row.agent === agent);
    print(rows, table(rows.map(({ agent: name, level, declared }) => ({ agent: name, level, 'organization.yaml': declared ?? '' }))));
    if (rows.length === 0) exit(EXIT.wrongUse);
  });
  group
    .command('raise <agent> <level>')
    .description('an amendment that cites what the agent showed; needs --as an owner')
    .requiredOption('--reason <text>', 'why')
    .action(async (agent: string, to: string, { reason }: { reason: string }) => {
      const amendment = await settled(call, await call('level_raise', { agent, to: level(to), reason }));
      shownAmendment({ print, exit }, amendment);
    });
  group
    .command('report')
    .description('what agents at shadow would have done in a week, beside what people really did; and what articles would have said that are only observed')
    .option('--week <date>', 'any day of it, such as 2026-03-02; without it the week that runs', dayOf)
    .action(async ({ week }: { week?: LocalDate }) => {
      const report = await call('week_report', { week: week ?? null });
      print(report, weekInWords(report).map(plain).join('\n'));
    });
  group
    .command('lower <agent> <level>')
    .description('holds at once; needs --as an owner')
    .requiredOption('--reason <text>', 'why')
    .action(async (agent: string, to: string, { reason }: { reason: string }) => {
      const done = await call('level_lower', { agent, to: level(to), reason });
      print(done, `${done.agent} was at ${done.from}, and is at ${done.to} from now on.`);
    });
}

function level(text: string): Level {
  const parsed = Level.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`\`${text}\` is no level; there are ${Level.options.join(', ')}.`);
  return parsed.data;
}

function digestOf(text: string): Digest {
  const parsed = Digest.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`\`${text}\` is no digest; it has 64 characters, and \`charter constitution show AMENDMENT\` prints it.`);
  return parsed.data;
}

const WATCHED = 600; // looks, a fifth of a second apart: a check proves, and replays recorded decisions

/** What became of it, for as long as a person would watch. @param voted wait for the count too */
export async function settled(call: Call, amendment: AmendmentCard, voted = false): Promise<AmendmentCard> {
  let now = amendment;
  const moves = () => now.state === 'checking' || (voted && now.state === 'open' && now.votes.length >= now.quorum);
  for (let looks = 0; looks < WATCHED && moves(); looks++) {
    await sleep(200);
    now = await call('amendment', { id: amendment.id });
  }
  return now;
}

const exitOf = ({ state }: AmendmentCard): number =>
  state === 'ratified' || state === 'declined' ? EXIT.done : state === 'open' || state === 'checking' ? EXIT.waits : EXIT.denied;

export function shownAmendment({ print, exit }: Pick<Shared, 'print' | 'exit'>, amendment: AmendmentCard): void {
  print(amendment, amendmentInWords(amendment));
  exit(exitOf(amendment));
}

/** One line of a list: a decision that waits for the owner. */
export function amendmentLine({ id, what, level: change, reason, state, may }: AmendmentCard): string {
  const about = change ? `Raise ${change.agent} to ${change.to}` : what === 'constitution' ? 'Amend the constitution' : what;
  const waits = state === 'open' ? `waits for ${may.join(', ')}: charter constitution show ${shortId(id)}` : state;
  return `${shortId(id)}  ${about.padEnd(34).slice(0, 34)}  ${plain(reason).padEnd(28).slice(0, 28)}  ${waits}`;
}

function amendmentInWords(one: AmendmentCard): string {
  return [
    `${one.id}  ${one.state}`,
    `  Proposed by ${one.proposedBy}: ${plain(one.reason)}`,
    `  Digest ${one.digest}`,
    ...amendmentSays(one).map((said) => `  ${plain(said)}`),
    ...one.votes.map(({ person, choice, reason }) => `  ${person}: ${choice}${reason ? `, ${plain(reason)}` : ''}`),
    ...(one.state === 'open'
      ? [
          `  Needs ${one.quorum} of the owners: ${one.may.join(', ') || 'nobody left'}; until ${one.expiresAt}.`,
          `  npx charter constitution ratify ${shortId(one.id)} --as ${one.may[0] ?? 'OWNER'}`,
        ]
      : []),
  ].join('\n');
}

const problemsInWords = (problems: readonly string[]): string =>
  ['The draft is refused; what is in force runs on:', ...problems.map((problem) => `- ${plain(problem)}`)].join('\n');

function reportInWords(report: DraftReport): string {
  if (report.problems.length > 0) return problemsInWords(report.problems);
  if (report.changes.length === 0) return 'The files say what is in force.';
  return [
    ...[...changesInWords(report.changes), ...replayInWords(report.replay, report.currency)].map(plain),
    'To put it to the vote: npx charter constitution amend --reason "…" --as OWNER',
  ].join('\n');
}

function testedInWords({ cases, mutation }: DraftReport): string {
  if (!mutation) return `${cases} cases hold.`;
  const { mutants, survivors } = mutation;
  const noticed = mutants - survivors.length;
  const share = mutants === 0 ? 100 : (100 * noticed) / mutants;
  return [
    `${cases} cases hold. Of ${mutants} changes to the articles they notice ${noticed} (${share.toFixed(1)} %).`,
    ...(survivors.length > 0 ? ['Not noticed, so write a case for each:'] : []),
    ...survivors.map(({ article, what }) => `  ${plain(article)}: ${plain(what)}`),
  ].join('\n');
}

function provedInWords({ proofs }: DraftReport): string {
  const told = {
    proved: 'proved of every call',
    open: 'no proof, and no call against it at the bounds of all that the articles compare',
    refuted: 'does not hold',
  } as const;
  return proofs
    .map(({ title, source, verdict, tools, counterexample }) =>
      plain(
        `${verdict.padEnd(7)}  ${title} (${source}): ${counterexample ?? told[verdict]}${counterexample === null ? `, for ${tools} ${tools === 1 ? 'tool' : 'tools'}` : ''}`,
      ),
    )
    .join('\n');
}

function inForceInWords({ digest, draft, quorum, articles }: Outputs['constitution_show']): string {
  return [
    `In force: ${digest}${draft ? ' (the files differ: charter constitution diff)' : ''}`,
    `An amendment needs ${quorum} of the owners.`,
    ...articles.map(
      ({ article, title, source, asks, observes }) =>
        `${article.padEnd(4)} ${title} (${source})${asks === null ? '' : `; asks ${asks}`}${observes ? '; only observed' : ''}`,
    ),
  ].join('\n');
}
