/** Commands about Slack: who is linked, when their digest comes, and the app's manifest. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ClientError, inputs, type Input, type Operation, type Outputs } from '../../client.ts';
import type { Call } from './human-commands.ts';
import type { Shared } from './shared.ts';

/** Nobody hears a code while Slack is not connected. */
function unheard({ state, person }: Outputs['slack_link']): string {
  if (state === 'connected') return '';
  if (state === 'connecting') return '\nSlack is not connected yet: the code waits ten minutes for it. npx charter slack status says how it stands.';
  return `\nSlack is off here, so nobody hears this code. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (docs/how-to/link-slack.md), start again, look with npx charter slack status, and ask for another: npx charter slack link ${person}`;
}

/** An operation as this person, where nobody else is named. */
export type CallAs = <O extends Operation>(person: string, operation: O, input: Input<O>) => Promise<Outputs[O]>;

const MANIFEST = new URL('../../../slack/manifest.yaml', import.meta.url);

export function slackCommands(program: Command, { print }: Shared, call: Call, callAs: CallAs): void {
  const slack = program.command('slack').description('who is linked to Slack, and what is said there');
  slack
    .command('link <person>')
    .description("a code that links the person's Slack account, once, within ten minutes; asked with the person's own token")
    .action(async (person: string) => {
      const link = await callAs(person, 'slack_link', { person });
      print(link, `${link.code}\nSend this to Charter in Slack, in a direct message, within ten minutes. It works once; show it to nobody.${unheard(link)}`);
    });
  slack
    .command('unlink <person>')
    .description('end the link: at once, nothing is shown to that account or done for it')
    .action(async (person: string) => {
      const { ended } = await callAs(person, 'slack_unlink', { person });
      print({ ended }, ended ? `${person} is not linked any more.` : `${person} was not linked.`);
    });
  slack
    .command('digest <time>')
    .description('when your digest comes, such as 07:30, or off; needs --as')
    .action(async (time: string) => {
      const parsed = inputs.slack_digest.safeParse({ at: time });
      if (!parsed.success) throw new ClientError('time_invalid', 2, `\`${time}\` is no time of day; write 07:30, or off.`);
      const { at } = await call('slack_digest', parsed.data);
      print({ at }, at === 'off' ? 'No digest comes any more.' : `Your digest comes at ${at}, on the clock of the organization.`);
    });
  slack
    .command('status')
    .description('whether it is connected, who is linked, what waits to be said')
    .action(async () => {
      const status = await call('slack_status', {});
      const links = status.links.map(
        ({ person, since, valid, digest }) => `${person}  since ${since.slice(0, 10)}${valid ? '' : ', run out'}, digest ${digest}`,
      );
      const messages = Object.entries(status.messages).map(([state, n]) => `${n} ${state}`);
      print(status, [`Slack: ${status.state}`, ...links, `Messages: ${messages.join(', ') || 'none'}`].join('\n'));
    });
  slack
    .command('manifest')
    .description('the manifest of the Slack app, to paste at https://api.slack.com/apps')
    .action(async () => {
      const manifest = await readFile(MANIFEST, 'utf8');
      print({ manifest }, manifest.trimEnd());
    });
}
