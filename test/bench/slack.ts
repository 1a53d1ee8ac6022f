/**
 * Slack: from a question to the first word of its answer, by a scripted model that streams; and from an event to its acknowledgement, fifty a second for
 * ten seconds, every other one by somebody of whom nobody knows who they are, while Slack takes its time to say so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';
import { mention } from '../fixtures/slack.ts';
import { fresh, slackStage } from '../fixtures/slack-stage.ts';
import type { Services } from '../fixtures/services.ts';
import { percentile, type Figure } from './figures.ts';

const PER_SECOND = 50;
const SECONDS = 10;
const QUESTIONS = 10;
const SLACK_WAITS_MS = 3_000;
const SLACK_TAKES_MS = 200; // to say who somebody is

export async function slackFigures(services: Services): Promise<readonly Figure[]> {
  const words = await firstWords(services);
  const at = await slackStage(services, { review: false });
  try {
    await at.link('greta', 'UGRETA');
    at.slack.slowMs.set('users.info', SLACK_TAKES_MS);
    const begun = performance.now();
    const sent = Array.from({ length: PER_SECOND * SECONDS }, async (_, n) => {
      const cold = n % 2 === 0; // never heard of before, and linked to nobody
      const user = cold ? `UCOLD${n}` : 'UGRETA';
      at.slack.users.set(user, {});
      await sleep(begun + (n * 1000) / PER_SECOND - performance.now());
      const event = mention(`Ev${10_000 + n}`, user, 'operations: which machines are there?', { thread_ts: `1700000001.${cold ? n : n % 20}` });
      return at.slack.send(fresh(), 'events_api', event, SLACK_WAITS_MS);
    });
    const acks = await Promise.all(sent);
    const took = acks.flatMap((ack) => ack?.ms ?? []);
    await at.settled();
    const known = performance.now() - begun - SECONDS * 1000;
    const [count] = await at.on.rows<{ n: number }>(
      `select ((select count(*) from turn where org = $1 and source = 'slack') + (select count(*) from slack_message where org = $1 and slack_user like 'UCOLD%'))::int n`,
      [at.on.organization.id],
    );
    if (took.length !== acks.length || count?.n !== acks.length)
      throw new Error(`${acks.length} events: ${took.length} acknowledged, ${count?.n ?? 0} turns and sentences`);
    return [
      { what: 'Slack: question to first streamed word, p50', value: percentile(words, 0.5), unit: 'ms' },
      { what: 'Slack: question to first streamed word, most', value: Math.max(...words), unit: 'ms' },
      { what: `Slack: event to acknowledgement at ${PER_SECOND} a second, p50`, value: percentile(took, 0.5), unit: 'ms' },
      { what: `Slack: event to acknowledgement at ${PER_SECOND} a second, p99`, value: percentile(took, 0.99), unit: 'ms', most: SLACK_WAITS_MS },
      { what: 'Slack: the last of these to its turn, or its sentence back', value: known, unit: 'ms' },
    ];
  } finally {
    await at.close();
  }
}

const WORDS = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const MODEL = { latency: 20, chunkSize: 40 }; // milliseconds before each piece, characters of one: a quick model, whose time is in the figure

/** One question after the other, each in a thread of its own. */
async function firstWords(services: Services): Promise<readonly number[]> {
  const mock = new LLMock({ port: 0 });
  mock.addFixture({ match: { userMessage: 'tell me' }, response: { content: WORDS }, ...MODEL });
  await mock.start();
  const at = await slackStage(services, { review: false, modelUrl: mock.url });
  try {
    await at.link('greta', 'UGRETA');
    const took: number[] = [];
    for (let n = 0; n < QUESTIONS; n++) {
      const begun = performance.now();
      await at.slack.send(fresh(), 'events_api', mention(`Ev${n}`, 'UGRETA', 'operations: tell me'), SLACK_WAITS_MS);
      await at.on.until('its first word', () => Promise.resolve(at.slack.calls.filter(({ method }) => method === 'chat.startStream').length > n));
      took.push(performance.now() - begun);
    }
    return took;
  } finally {
    await at.close();
    await mock.stop();
  }
}
