/** The operations behind `client.ts`: each a few calls into activities and views. */
import type { Client } from '../client.ts';
import { amendmentOperations } from './amendments.ts';
import { askingOperations } from './asking.ts';
import { callers } from './callers.ts';
import { decidingOperations } from './deciding.ts';
import type { Installation } from './installation.ts';
import { lookingOperations } from './looking.ts';
import { peopleOperations } from './people.ts';
import { recordOperations } from './records.ts';
import { rollbackOperations } from './rollback.ts';
import { ruleOperations } from './rules.ts';
import { serviceOperations } from './service.ts';
import { setupOperations } from './setup.ts';
import { slackOperations } from './slack.ts';

export function operations(installation: Installation): Client {
  const who = callers(installation);
  return {
    ...lookingOperations(installation, who),
    ...askingOperations(installation, who),
    ...decidingOperations(installation, who),
    ...peopleOperations(installation, who),
    ...recordOperations(installation, who),
    ...amendmentOperations(installation, who),
    ...slackOperations(installation, who),
    ...serviceOperations(installation, who),
    ...setupOperations(installation, who),
    ...rollbackOperations(installation, who),
    ...ruleOperations(installation, who),
  };
}
