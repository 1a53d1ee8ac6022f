/** `charter tour`: six steps on a copy of the example. It shows; what is shown is done in `processes/tour`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { z } from 'zod';
import { ClientError } from '../../client.ts';
import type { Eyes, Seen } from '../../processes/tour/eyes.ts';
import type { Ground } from '../../processes/tour/ground.ts';
import type { Command as Typed, Scene, Step, View } from '../../processes/tour/steps.ts';
import { dataDirOf } from './call.ts';
import { plainLines } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const INTERRUPTED = 130; // 128 and SIGINT, as shells say it
const MOST_LINES = 18; // of what a command said
const FIRST_LINES = 11;
const TELL_MS = 2_000; // what takes longer is told
const TELL_AGAIN_S = 10;
const NEXT = ['npm start', 'npx charter init our-firm', 'npx charter eval'] as const;

interface StepTold {
  readonly title: string;
  readonly says: string;
  readonly commands: readonly { readonly typed: string; readonly exit: number | null; readonly output: string }[];
  readonly page: string; // without what signs in
  readonly seen: readonly string[];
  readonly notSeen: readonly string[];
  readonly seconds: number;
}

/** How the tour is taken: by a person who presses Enter, or by itself. */
interface Way {
  readonly shared: Shared;
  readonly eyes: Eyes | undefined; // with `--yes`
  readonly keys: AsyncIterator<string> | undefined; // without: lines that the person typed
  readonly signal: AbortSignal;
}

export function tourCommand(program: Command, shared: Shared): void {
  program
    .command('tour')
    .description('six steps on a copy of the example, in under five minutes; everything that it starts ends with it')
    .option('--yes', 'ask nothing: a headless browser looks at each page, and the tour fails where it does not see what was said')
    .action(({ yes }: { yes?: boolean }) => tour(shared, yes === true));
}

async function tour(shared: Shared, yes: boolean): Promise<void> {
  const json = shared.options().json === true;
  if (json && !yes) throw new ClientError('wrong_use', 2, 'With `--json` nobody is asked anything: say `charter tour --yes --json`.');
  const [{ onGround }, { openEyes }, { STEPS }] = await Promise.all([
    import('../../processes/tour/ground.ts'),
    import('../../processes/tour/eyes.ts'),
    import('../../processes/tour/steps.ts'),
  ]);
  const begun = Date.now();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const eyes = yes ? await openEyes(shared.env, stopping.signal) : undefined;
  const input = yes ? undefined : createInterface({ input: process.stdin, terminal: false }); // so that Ctrl-C stays a signal
  const keys = input?.[Symbol.asyncIterator]();
  const { signal } = stopping;
  try {
    shared.tell('Charter in six steps, on a copy of the example. Bringing it up takes some seconds.');
    const take = (ground: Ground) => all(STEPS, ground, { shared, eyes, keys, signal });
    const told = await onGround({ dataDir: dataDirOf(shared.env), env: shared.env, quiet: json, signal }, take);
    conclude(shared, told, STEPS.length, seconds(begun));
  } catch (error) {
    if (!signal.aborted) throw error;
    shared.tell('Stopped; what the tour had started is ended.');
    shared.exit(INTERRUPTED);
  } finally {
    input?.close();
    await eyes?.close();
  }
}

const seconds = (begun: number): number => Math.round((Date.now() - begun) / 1_000);

function conclude(shared: Shared, steps: readonly StepTold[], of: number, took: number): void {
  const missed = steps.flatMap(({ title, notSeen }) => notSeen.map((what) => `${title}: ${what}`));
  if (missed.length > 0) shared.exit(EXIT.failed);
  const how = steps.length < of ? `Ended after ${steps.length} of ${of} steps` : missed.length > 0 ? 'Not all of it was seen' : `${of} steps`;
  const next = steps.length < of ? [] : ['Next:', ...NEXT.map((command) => `  ${command}`)];
  shared.print(
    { ok: missed.length === 0, seconds: took, steps },
    [`${how}, in ${took} s.`, ...missed.map((one) => `  NOT SEEN: ${one}`), ...next, 'What the tour had started is ended.'].join('\n'),
  );
}

async function all(steps: readonly Step[], ground: Ground, way: Way): Promise<readonly StepTold[]> {
  way.shared.tell(`To type along, in another terminal: export CHARTER_DATA=${ground.dataDir}`);
  const told: StepTold[] = [];
  for (const [n, step] of steps.entries()) {
    const begun = Date.now();
    way.shared.tell(`\n${styleText('bold', `${n + 1} of ${steps.length}  ${step.title}`)}`);
    const one = await take(await step.scene(ground), ground, way);
    told.push({ title: step.title, ...one, seconds: seconds(begun) });
    if (!(await goOn(way, n + 1 === steps.length))) break;
  }
  return told;
}

/** One step: the sentence, the commands and what they said, the page. */
async function take(scene: Scene, ground: Ground, way: Way): Promise<Omit<StepTold, 'title' | 'seconds'>> {
  const { tell } = way.shared;
  tell(scene.says);
  const commands: StepTold['commands'][number][] = [];
  const notSeen: string[] = [];
  for (const command of scene.commands) {
    const { exit, output } = await typed(command, way);
    commands.push({ typed: command.typed, exit, output });
    if (exit !== command.expects) notSeen.push(`\`${command.typed}\` ended with ${exit ?? 'a signal'}, not with ${command.expects}`);
  }
  const { view, facts } = await scene.shown();
  const link = await linkTo(ground, view);
  tell(`  See, in the browser, as ${view.as}: ${view.look}.\n  ${link}`);
  if (!way.eyes) openFor(way.shared.env, link);
  const recorded: readonly Seen[] = facts.map(({ what, holds }) => ({ what, seen: holds }));
  const looked: readonly Seen[] = way.eyes ? await progress(way, () => way.eyes?.look(link, view) ?? Promise.resolve([])) : [];
  tellSeen(way, 'The records say', recorded);
  tellSeen(way, 'Seen', looked);
  const checked = [...recorded, ...looked];
  const seen = checked.filter((one) => one.seen).map(({ what }) => what);
  notSeen.push(...checked.filter((one) => !one.seen).map(({ what }) => what));
  for (const what of notSeen) tell(`  NOT SEEN: ${plainLines(what)}.`);
  return { says: scene.says, commands, page: link.replace(/#.*$/, ''), seen, notSeen };
}

function tellSeen({ shared }: Way, how: string, all: readonly Seen[]): void {
  const seen = all.filter((one) => one.seen).map(({ what }) => what);
  if (seen.length > 0) shared.tell(`  ${how}: ${plainLines(seen.join('; '))}.`);
}

async function typed(command: Typed, way: Way): Promise<{ readonly exit: number | null; readonly output: string }> {
  const { tell } = way.shared;
  tell(`  ${styleText('bold', `$ ${command.typed}`)}`);
  const { exit, out, err } = await progress(way, () => command.run());
  const output = (command.tells || out.trim() === '' ? err + out : out).trim();
  if (output !== '') tell(shortened(output).replace(/^/gm, '    '));
  return { exit, output };
}

/** The beginning and the end of what is long. */
function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= MOST_LINES) return text;
  return [...lines.slice(0, FIRST_LINES), `… ${lines.length - MOST_LINES + 1} lines more …`, ...lines.slice(FIRST_LINES - MOST_LINES + 1)].join('\n');
}

async function progress<T>({ shared }: Way, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  const told = setInterval(() => {
    const s = seconds(begun);
    if (s % TELL_AGAIN_S < TELL_MS / 1_000 || s < 2 * (TELL_MS / 1_000)) shared.tell(`    … ${s} s`);
  }, TELL_MS);
  try {
    return await work();
  } finally {
    clearInterval(told);
  }
}

/** As `charter inbox open` prints it: it signs in, once. */
async function linkTo(ground: Ground, { as, path }: View): Promise<string> {
  const { out, err } = await ground.charter('--json', 'inbox', 'open', '--as', as);
  const link = z.object({ url: z.url() }).safeParse(out === '' ? undefined : JSON.parse(out));
  if (!link.success) throw new ClientError('no_link', 1, `There is no link to the inbox of \`${as}\`: ${err.trim() || out.trim()}`);
  return link.data.url.replace('/#', `${path}#`);
}

/** In the person's own browser, where there is a screen; the address stands in the terminal in any case. */
function openFor(env: NodeJS.ProcessEnv, link: string): void {
  const opener = process.platform === 'darwin' ? 'open' : env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? 'xdg-open' : undefined;
  if (opener === undefined) return;
  const child = spawn(opener, [link], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined); // there is none; the address is printed
  child.unref();
}

/** Enter goes on; `q`, or the end of what is typed, ends it. */
async function goOn({ keys, shared, signal }: Way, last: boolean): Promise<boolean> {
  if (!keys) return true;
  shared.tell(last ? '  Enter ends the tour.' : '  Enter goes on, q ends.');
  const stopped = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  const { done, value } = await Promise.race([keys.next(), stopped]);
  return done !== true && value.trim().toLowerCase() !== 'q';
}
