/** Commands about the organization: asking, reviewing, deciding, finding out why. Each is one call of the API. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { ClientError, inputs, type Input, type Operation, type Outputs } from '../../client.ts';
import { AgentName, Domain, PersonId } from '../../kernel/ids.ts';
import { moneyOf } from '../../kernel/money.ts';
import { durationMs } from '../../kernel/time.ts';
import { callApi, inboxLink, keepToken, type Connection } from './call.ts';
import { pairs, recordCommands } from './record-commands.ts';
import { card, chain, line, localClock, plain, plainLines, table, troubles } from './render.ts';
import { pictureCommands } from './picture-commands.ts';
import { taskCommands } from './task-commands.ts';
import { EXIT, type Shared } from './shared.ts';

export type Call = <O extends Operation>(operation: O, input: Input<O>) => Promise<Outputs[O]>;

export const dataDirOf = (env: NodeJS.ProcessEnv): string => resolve(env['CHARTER_DATA'] ?? fileURLToPath(new URL('../../../.charter', import.meta.url)));

export function humanCommands(program: Command, shared: Shared): void {
  const connection = (): Connection => {
    const { as, token, url } = shared.options();
    return { dataDir: dataDirOf(shared.env), as, token: token ?? shared.env['CHARTER_TOKEN'], url: url ?? shared.env['CHARTER_URL'] };
  };
  const call: Call = (operation, input) => callApi(connection(), operation, input);
  asking(program, shared, call);
  inbox(program, shared, call, connection);
  overriding(program, shared, call);
  checking(program, shared, call);
  people(program, shared, call);
  example(program, shared, call);
  recordCommands(program, shared, call);
  taskCommands(program, shared, call);
  pictureCommands(program, shared, call);
}

/** `1190.00 EUR` is money; everything else is text. */
const moneyOrText = (text: string) => {
  const [, amount, currency] = /^(\d+\.\d{2}) ([A-Z]{3})$/.exec(text) ?? [];
  return amount && currency ? { ...moneyOf(amount, currency) } : text;
};

const domain = (text: string) => known(Domain, text, `There is no domain \`${text}\`; there are ${Domain.options.join(', ')}.`);

function known<S extends z.ZodType>(schema: S, value: unknown, message: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(message);
  return parsed.data;
}

function asking(program: Command, { print }: Shared, call: Call): void {
  program
    .command('ask <text>')
    .description('ask an agent; needs --as')
    .option('--agent <name>', 'whom', 'finance-analyst')
    .option('--thread <name>', 'the conversation', 'cli')
    .action(async (text: string, { agent, thread }: { agent: string; thread: string }) => {
      const { turn } = await call('ask', { text, agent, conversation: thread, message: randomUUID() });
      for (const end = Date.now() + 110_000; Date.now() < end; await sleep(150)) {
        const answer = await call('answer', { turn });
        if (answer.state === 'waiting') continue;
        print(answer, [plainLines(answer.answer ?? ''), ...answer.proposals.map((task) => `Proposed: ${line(task)}`)].join('\n'));
        if (answer.proposals.some(({ outcome, waits }) => outcome === null && waits)) process.exitCode = EXIT.waits;
        return;
      }
      throw new ClientError('no_answer', 1, 'No answer yet; it is kept, and comes when the worker is back.');
    });
  program
    .command('propose <tool> [arguments...]')
    .description('propose a call in your own name, such as finance.release_invoice invoice=S-001:7; it is judged like any other; needs --as')
    .requiredOption('--reason <text>', 'why')
    .action(async (tool: string, given: string[], { reason }: { reason: string }) => {
      const args = Object.fromEntries(Object.entries(pairs(given)).map(([name, text]) => [name, moneyOrText(text)]));
      const task = await call('propose', { tool, args, reason, message: randomUUID() });
      print(task, card(task));
      process.exitCode = EXIT.waits;
    });
  program
    .command('review <domain>')
    .description('review a domain now')
    .action(async (name: string) => {
      const result = await call('review', { domain: domain(name) });
      print(result, `${result.drifts} differences from what is declared; ${result.asks} new, ${result.proposals} proposals. See \`charter inbox list\`.`);
    });
  program
    .command('status')
    .description('what was done, what waits')
    .action(async () => {
      const status = await call('status', {});
      print(
        status,
        [
          `${plain(status.name)}, ${localClock(status.business, status.zone)}`,
          ...Object.entries(status.counts).map(([outcome, n]) => `${outcome.padEnd(10)} ${n}`),
          ...status.findings.map(plain),
          ...troubles(status),
        ].join('\n'),
      );
    });
  program
    .command('why <id>')
    .description('the chain of causes of a task, invoice, bank reference or event')
    .action(async (id: string) => {
      const [events, { zone }] = await Promise.all([call('why', { id }), call('status', {})]);
      print(events, chain(events, zone));
    });
}

function inbox(program: Command, shared: Shared, call: Call, connection: () => Connection): void {
  const { print } = shared;
  const group = program.command('inbox').description('what waits for people');
  group
    .command('open')
    .description('a link that opens the inbox in a browser, once, within five minutes; needs --as')
    .action(async () => {
      const url = await inboxLink(connection());
      print({ url }, url);
    });
  group
    .command('list')
    .option('--all', 'decided ones too')
    .action(async ({ all }: { all?: boolean }) => {
      const tasks = await call('inbox', { all: all === true });
      print(tasks, tasks.length === 0 ? 'Nothing waits for people.' : tasks.map(line).join('\n'));
    });
  group.command('show <id>').action(async (id: string) => {
    const task = await call('task', { id });
    print(task, card(task));
  });
  group
    .command('decide <id>')
    .description('vote; needs --as or --token')
    .option('--approve')
    .option('--decline')
    .option('--reason <text>', 'why; a decline needs one', '')
    .action(async (id: string, { approve, decline, reason }: { approve?: boolean; decline?: boolean; reason: string }) => {
      if (approve === decline) throw new ClientError('choice_missing', 2, 'Say --approve or --decline.');
      const shown = await call('task', { id });
      if (shared.options().json !== true) process.stdout.write(`${card(shown)}\n\n`); // what is decided is what was shown
      const seen = shown.decision === null ? {} : { seen: shown.decision.material };
      const result = await call('decide', { id: shown.id, choice: approve ? 'approve' : 'decline', reason, ...seen });
      const task = result.counted ? await settled(call, result.task.id) : result.task;
      print({ ...result, task }, `${plain(result.message)}\n${card(task)}`);
      process.exitCode = !result.counted ? EXIT.denied : task.outcome === null ? EXIT.waits : task.outcome === 'failed' ? EXIT.failed : EXIT.done;
    });
}

/** What the vote led to, for as long as a person would watch. */
async function settled(call: Call, id: string): Promise<Outputs['task']> {
  for (let tries = 0; ; tries++) {
    const task = await call('task', { id });
    if (task.outcome !== null || tries >= 20) return task;
    await sleep(100);
  }
}

function overriding(program: Command, { print }: Shared, call: Call): void {
  const scope = ({ agent, domain: name }: { agent?: string; domain?: string }) =>
    agent !== undefined
      ? ({ kind: 'agent', agent: known(AgentName, agent, `\`${agent}\` is no agent name.`) } as const)
      : name !== undefined
        ? ({ kind: 'domain', domain: domain(name) } as const)
        : ({ kind: 'organization' } as const);
  for (const verb of ['halt', 'resume'] as const) {
    program
      .command(verb)
      .description(verb === 'halt' ? 'stop everything that has not begun, and take back payments that have not left; needs --as' : 'lift a halt; needs --as')
      .option('--agent <name>')
      .option('--domain <name>')
      .requiredOption('--reason <text>')
      .action(async (given: { agent?: string; domain?: string; reason: string }) => {
        const input = { scope: scope(given), reason: given.reason };
        if (verb === 'resume') {
          const done = await call('resume', input);
          return print(done, `Resumed: ${done.scope}. The next review asks anew about what was stopped.`);
        }
        const done = await call('halt', input);
        return print(done, `Halted: ${done.scope}. ${done.stopped} stopped, ${done.withdrawn} payments taken back.`);
      });
  }
}

function checking(program: Command, { print }: Shared, call: Call): void {
  program
    .command('gate')
    .description('what the gate would say')
    .command('check <file>')
    .description('judge the call in a JSON file ({"agent", "tool", "args", "onBehalfOf"}) without making it; - reads standard input')
    .action(async (file: string) => {
      const text = file === '-' ? await readStandardInput() : await readFile(file, 'utf8');
      const parsed = inputs.gate_check.safeParse({ onBehalfOf: null, ...z.record(z.string(), z.unknown()).parse(parseJson(text, file)) });
      if (!parsed.success) throw new ClientError('input_invalid', 2, `${file}: ${z.prettifyError(parsed.error)}`);
      const judged = await call('gate_check', parsed.data);
      const words = [
        `${judged.verdict} (${judged.kind})`,
        ...judged.why.map((reason) => `- ${plain(reason)}`),
        ...judged.articles.map(({ article, title, source }) => plain(`  ${article} ${title} (${source})`)),
        ...judged.needs.map(({ role, quorum }) => `  needs ${quorum} with the role ${role}`),
      ];
      print(judged, words.join('\n'));
      process.exitCode = { permit: EXIT.done, deny: EXIT.denied, escalate: EXIT.waits }[judged.verdict];
    });
  program
    .command('constitution')
    .description('the articles in force')
    .command('ratify')
    .description('put the constitution of the files in force; needs the owner, or the operator the first time')
    .action(async () => {
      const done = await call('ratify', {});
      print(done, `Ratified: ${done.constitution}`);
    });
  program
    .command('cost')
    .description('what models cost, by month and agent')
    .action(async () => {
      const rows = await call('cost', {});
      print(rows, table(rows.map(({ micros, ...row }) => ({ ...row, usd: (micros / 1_000_000).toFixed(4) }))));
    });
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError('input_invalid', 2, `${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

function people(program: Command, shared: Shared, call: Call): void {
  const group = program.command('people').description('who is who, and their tokens');
  group.command('list').action(async () => {
    const rows = await call('people', {});
    shared.print(rows, table(rows.map(({ id, name, roles, status }) => ({ id, name, roles: roles.join(', '), status }))));
  });
  group
    .command('token <person>')
    .description('issue a token, or exchange the one that somebody issued for you (--as NAME); it is kept in the data directory for --as')
    .action(async (person: string) => {
      const issued = await call('issue_token', { person: known(PersonId, person, `\`${person}\` is no person id; see \`charter people list\`.`) });
      const file = keepToken(dataDirOf(shared.env), issued.person, issued.token);
      shared.print(issued, `Token ${issued.id} of ${issued.person}, issued by ${issued.issuedBy}, kept in ${file}. Use it with --as ${issued.person}.`);
    });
  group
    .command('revoke <person-or-token>')
    .description("end one token, or all of a person's, from the next call on; an owner's to do, or the person's own")
    .action(async (what: string) => {
      const { person, tokens } = await call('revoke_token', { what });
      shared.print({ person, tokens }, tokens.length === 0 ? `${person} had no valid token there.` : `Revoked of ${person}: ${tokens.join(', ')}.`);
    });
}

const DAY_MS = 86_400_000;

function example(program: Command, shared: Shared, call: Call): void {
  const { print } = shared;
  program
    .command('clock')
    .description("the example's business clock")
    .command('advance <time>')
    .description('move it on, such as 1d, 4h or 30m; what falls due on the way is done')
    .action(async (time: string) => {
      const ms = durationMs(`P${/^\d+d$/i.test(time) ? '' : 'T'}${time.toUpperCase()}`);
      if (ms === undefined || ms === 0) throw new ClientError('time_invalid', 2, `\`${time}\` is no time; write 1d, 4h or 30m.`);
      const { zone } = await call('status', {});
      const days = [];
      for (let left = ms; left > 0; left -= DAY_MS) {
        const day = await call('advance_clock', { ms: Math.min(left, DAY_MS) }); // a day a call: each is told as it is over
        days.push(day);
        if (shared.options().json) continue;
        const bank = day.sent.length > 0 ? `The bank answered with ${day.sent.join(', ')}.` : 'Nothing came from the bank.';
        process.stdout.write(`It is ${localClock(day.business, zone)}. ${bank}\n`);
      }
      const last = days.at(-1);
      print(
        { business: last?.business, sent: days.flatMap(({ sent }) => sent), filed: days.reduce((sum, { filed }) => sum + filed, 0) },
        'See what it brought: npx charter inbox list',
      );
    });
}
