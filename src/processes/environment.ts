/** The outside servers that the environment names. */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalAddress } from '../adapters/temporal/orchestrator.ts';
import { ClientError } from '../client.ts';

/** Address, namespace, API key and mTLS as Temporal's own tools read them. */
export function temporalAddress(env: NodeJS.ProcessEnv): TemporalAddress {
  const set = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: set });
  const { address, tls, apiKey } = connectionOptions;
  return {
    address: address ?? env['TEMPORAL_ADDRESS'] ?? '',
    namespace: namespace ?? 'default',
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
  };
}

/** @throws ClientError `variable_missing` */
export function temporalFromEnv(env: NodeJS.ProcessEnv): { readonly databaseUrl: string; readonly temporal: TemporalAddress } {
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl || !env['TEMPORAL_ADDRESS'])
    throw new ClientError('variable_missing', 2, 'Set DATABASE_URL and TEMPORAL_ADDRESS; `charter up` starts both by itself.');
  return { databaseUrl, temporal: temporalAddress(env) };
}
