/** Commands about the organization: asking, reviewing, deciding, finding out why. Each is one call of the API. */
import type { Command } from 'commander';
import type { Input, Operation, Outputs } from '../../client.ts';
import { askCommands } from './ask-commands.ts';
import { callApi, connectionOf, opensHere, type Connection } from './call.ts';
import { constitutionCommands } from './constitution-commands.ts';
import { exampleCommands } from './example-commands.ts';
import { gateCommands } from './gate-commands.ts';
import { haltCommands } from './halt-commands.ts';
import { inboxCommands } from './inbox-commands.ts';
import { lookCommands } from './look-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { pictureCommands } from './picture-commands.ts';
import { consentCommands } from './consent-commands.ts';
import { recordCommands } from './record-commands.ts';
import { ruleCommands } from './rule-commands.ts';
import { serviceCommands } from './service-commands.ts';
import { slackCommands } from './slack-commands.ts';
import { taskCommands } from './task-commands.ts';
import { toolCommands } from './tool-commands.ts';
import { wrongCommands } from './wrong-commands.ts';
import type { Shared } from './shared.ts';

export type Call = <O extends Operation>(operation: O, input: Input<O>) => Promise<Outputs[O]>;

export function humanCommands(program: Command, shared: Shared): void {
  const connection = (): Connection => connectionOf(shared);
  const call: Call = (operation, input) => callApi(connection(), operation, input);
  askCommands(program, shared, call);
  lookCommands(program, shared, call);
  inboxCommands(program, shared, call, connection);
  haltCommands(program, shared, call);
  wrongCommands(program, shared, call);
  gateCommands(program, shared, call);
  peopleCommands(program, shared, call, (token) => opensHere(connection(), token));
  exampleCommands(program, shared, call);
  recordCommands(program, shared, call);
  taskCommands(program, shared, call);
  constitutionCommands(program, shared, call);
  toolCommands(program, shared, call);
  ruleCommands(program, shared, call);
  serviceCommands(program, shared, call);
  pictureCommands(program, shared, call);
  consentCommands(program, shared, call);
  slackCommands(program, shared, call, (person, operation, input) => callApi({ ...connection(), as: connection().as ?? person }, operation, input));
}
