/** API key and client certificate, as the environment names them, reach the server: one that speaks TLS and looks. */
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { readFileSync } from 'node:fs';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { afterEach, expect, test } from 'vitest';
import { temporalAddress } from '../../src/adapters/host/temporal.ts';
import { connectTemporal } from '../../src/adapters/temporal/connection.ts';

const file = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string) => readFileSync(file(name)); // of an authority that nobody has the key of any more

let server: Http2SecureServer | undefined;
afterEach(() => server?.close());

interface Seen {
  readonly authorization: string | undefined;
  readonly namespace: unknown;
  readonly client: string | undefined;
}

/** Lets in only whoever has the client's certificate, notes what it sees, and answers nothing that Temporal would. */
async function listening(): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createSecureServer({ key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true });
  server.on('stream', (stream, headers) => {
    const socket = stream.session?.socket;
    const peer = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
    seen.push({ authorization: headers.authorization, namespace: headers['temporal-namespace'], client: Array.isArray(peer) ? peer[0] : peer });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true }); // unimplemented
  });
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, seen };
}

const named = (port: number) => ({
  TEMPORAL_ADDRESS: `localhost:${port}`,
  TEMPORAL_NAMESPACE: 'ours',
  TEMPORAL_API_KEY: 'key-of-ours',
  TEMPORAL_TLS: 'true',
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem'),
  TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key'),
});

test('the client’s connection shows the certificate and the key', async () => {
  const { port, seen } = await listening();
  const address = temporalAddress(named(port));
  expect(address.namespace).toBe('ours');
  await connectTemporal(address).then(
    (connection) => connection.close(),
    () => undefined, // this server is no Temporal
  );
  expect(seen[0]).toMatchObject({ authorization: 'Bearer key-of-ours', client: 'client of a test' });
});

test('the worker’s connection does too', async () => {
  const { port, seen } = await listening();
  const { address, tls, apiKey } = temporalAddress(named(port));
  await NativeConnection.connect({ address, ...(tls === undefined ? {} : { tls }), ...(apiKey === undefined ? {} : { apiKey }) }).then(
    (connection) => connection.close(),
    () => undefined,
  );
  expect(seen[0]).toMatchObject({ authorization: 'Bearer key-of-ours', client: 'client of a test' });
});

test('without the certificate it is not let in', async () => {
  const { port, seen } = await listening();
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: _cert, TEMPORAL_TLS_CLIENT_KEY_PATH: _key, ...without } = named(port);
  await expect(connectTemporal(temporalAddress(without))).rejects.toThrow();
  expect(seen).toEqual([]);
});
