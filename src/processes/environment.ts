/** The outside servers that the environment names. */
import { temporalAddress } from '../adapters/host/temporal.ts';
import type { TemporalAddress } from '../adapters/temporal/connection.ts';
import { ClientError } from '../client.ts';

/** @throws ClientError `variable_missing` */
export function temporalFromEnv(env: NodeJS.ProcessEnv): { readonly databaseUrl: string; readonly temporal: TemporalAddress } {
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl || !env['TEMPORAL_ADDRESS'])
    throw new ClientError('variable_missing', 2, 'Set DATABASE_URL and TEMPORAL_ADDRESS; `charter up` starts both by itself.');
  return { databaseUrl, temporal: temporalAddress(env) };
}
