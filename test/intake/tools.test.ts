/** What a draft of a manifest says of tools, from their names, descriptions and schemas alone. */
import { describe, expect, test } from 'vitest';
import { descriptorsIn } from '../../src/intake/tools/descriptors.ts';
import { draftManifest } from '../../src/intake/tools/draft.ts';
import { patched } from '../../src/intake/tools/patch.ts';
import { aboutOf, Manifest } from '../../src/kernel/manifest.ts';
import type { JsonObject } from '../../src/kernel/nouns.ts';

const listed = (name: string, properties: JsonObject = {}, description = '') => ({ name, description, inputSchema: { type: 'object', properties } });
const drafted = (...tools: readonly object[]) => draftManifest(descriptorsIn(tools), 'imported');
const one = (name: string, properties: JsonObject = {}, description = '') => drafted(listed(name, properties, description)).tools[0] ?? expect.fail(name);
const TEXT = { type: 'string' };

describe('effect', () => {
  test.each([
    ['get_balance', {}, '', 'read'],
    ['listOrders', {}, '', 'read'],
    ['crm-search-contacts', { query: TEXT }, '', 'read'],
    ['mailbox_search', { query: TEXT }, '', 'read'],
    ['create_note', { text: TEXT }, '', 'write'],
    ['update_profile', { street: TEXT }, '', 'write'],
    ['add_event', { title: TEXT, attendees: { type: 'array', items: TEXT } }, '', 'outbound'],
    ['reschedule_event', { id: TEXT }, 'Moves an event. It will also send an email to those who take part.', 'outbound'],
    ['send_email', { to: TEXT }, '', 'outbound'],
    ['slack_post_message', { channel: TEXT }, '', 'outbound'],
    ['invite_user', { email: TEXT }, '', 'outbound'],
    ['fetch_url', { url: TEXT }, '', 'outbound'],
    ['search_web', { query: TEXT }, '', 'outbound'],
    ['get_page', { address: { type: 'string', format: 'uri' } }, '', 'outbound'],
    ['send_money', { amount: { type: 'number' } }, '', 'irreversible'],
    ['schedule_payment', { iban: TEXT }, '', 'irreversible'],
    ['book_table', { day: TEXT }, '', 'irreversible'],
    ['delete_file', { path: TEXT }, '', 'irreversible'],
    ['update_password', { password: TEXT }, '', 'irreversible'],
    ['set_user_permissions', { user: TEXT }, '', 'irreversible'],
    ['write_file', { path: TEXT }, 'Overwrites a file', 'irreversible'],
    ['query', { sql: TEXT }, 'Run a read-only query', 'irreversible'],
    ['get_weather', {}, 'Gets the weather and emails it to the owner', 'irreversible'],
    ['read_and_delete', {}, '', 'irreversible'],
    ['get_or_create_folder', {}, '', 'irreversible'],
    ['frobnicate', {}, '', 'irreversible'],
    ['statement_lines', {}, '', 'irreversible'],
  ] as const)('%s %o %s: %s', (name, properties, description, effect) => {
    const tool = one(name, { ...properties }, description);
    expect(tool.effect, tool.effect_why).toBe(effect);
    expect(tool.effect_why).not.toBe('');
  });

  test('what a server says of itself widens nothing', () => {
    const tool = { ...listed('frobnicate'), annotations: { readOnlyHint: true } };
    expect(drafted(tool).tools[0]).toMatchObject({ effect: 'irreversible', results: { are: 'untrusted' } });
  });
});

test('arguments are governed by kind, and what is not recognised governs', () => {
  const properties = {
    to: TEXT,
    cc: { anyOf: [{ type: 'array', items: TEXT }, { type: 'null' }] },
    creditor: { type: 'string', description: 'IBAN of the creditor' },
    amount: { type: 'number' },
    callback_url: TEXT,
    due_date: TEXT,
    body: TEXT,
    order_id: { type: 'integer' },
    hotel: TEXT,
    attachments: { type: 'array', items: { type: 'object' } },
    urgent: { type: 'boolean' },
    mode: { enum: ['a', 'b'] },
  };
  const kinds = Object.fromEntries(Object.entries(one('submit_order', properties).governs).map(([name, { kind }]) => [name, kind]));
  expect(kinds).toEqual({
    to: 'recipient',
    cc: 'recipient',
    creditor: 'account',
    amount: 'amount',
    callback_url: 'destination',
    due_date: 'date',
    body: 'free_text',
    order_id: 'identifier',
    hotel: 'identifier',
    attachments: 'identifier',
    urgent: null,
    mode: null,
  });
});

test.each([
  ['get_reviews_for_shop', 'untrusted', []],
  ['read_file', 'untrusted', []], // its text could name fields of its own
  ['get_webpage', 'untrusted', []],
  ['list_messages', 'untrusted', ['id', 'id_', 'sender', 'from', 'date', 'timestamp']],
  ['read', 'untrusted', []],
  ['frobnicate', 'untrusted', []],
  ['search_contacts_by_email', 'records', []],
  ['get_all_shops_in_town', 'records', []],
] as const)('%s gives %s', (name, are, records) => expect(one(name).results).toMatchObject({ are, records }));

test('what takes a call back is found among the tools of the server', () => {
  const { tools } = drafted(listed('add_event'), listed('cancel_event'), listed('send_email'), listed('delete_email'));
  expect(tools.map(({ compensation }) => compensation.tool)).toEqual(['cancel_event', null, null, null]);
});

describe('forms', () => {
  const parts = { name: 'send_note', description: 'Sends', inputSchema: { type: 'object', properties: { to: TEXT } } };
  test.each([
    { form: 'a bare list', given: [parts] },
    { form: 'an answer to tools/list', given: { jsonrpc: '2.0', id: 1, result: { tools: [parts] } } },
    { form: 'its result alone', given: { tools: [parts] } },
    { form: 'functions', given: [{ type: 'function', function: { name: 'send_note', description: 'Sends', parameters: parts.inputSchema } }] },
  ])('$form', ({ given }) => expect(draftManifest(descriptorsIn(given), 'imported')).toEqual(drafted(parts)));

  test('OpenAPI 3.1, with a body by reference', () => {
    const given = {
      openapi: '3.1.0',
      paths: {
        '/orders': {
          get: { operationId: 'listOrders', parameters: [{ name: 'since', in: 'query', schema: { type: 'string', format: 'date' } }] },
          post: { operationId: 'createOrder', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } } },
        },
        '/orders/{id}': { delete: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] } },
        '/search': { post: { operationId: 'searchOrders' } },
      },
      components: { schemas: { Order: { type: 'object', properties: { customer_email: { type: 'string', format: 'email' }, total: { type: 'number' } } } } },
    };
    const { tools } = draftManifest(descriptorsIn(given), 'shop');
    expect(tools.map(({ name, effect, governs }) => [name, effect, Object.entries(governs).map(([argument, { kind }]) => `${argument}:${kind}`)])).toEqual([
      ['listOrders', 'read', []],
      ['createOrder', 'irreversible', ['customer_email:recipient', 'total:amount']],
      ['delete_orders_id', 'irreversible', ['id:identifier']],
      ['searchOrders', 'outbound', []],
    ]);
  });

  test.each([{ given: {} }, { given: [] }, { given: 'tools' }, { given: [{ title: 'no name' }] }])('$given holds no tools', ({ given }) =>
    expect(() => descriptorsIn(given)).toThrow('holds no tools'),
  );
  test('two tools of one name, or of names that differ in case alone, are refused', () => {
    expect(() => descriptorsIn([parts, parts])).toThrow('`send_note`');
    expect(() => descriptorsIn([parts, { ...parts, name: 'sendNote' }])).toThrow('`sendNote`');
  });
});

test('a draft is a manifest, whatever its tools are called', () => {
  const odd = ['工具', '__', 'A-B.C/d', 'x'.repeat(200), '9lives', 'getUserInfo2'].map((name) => listed(name));
  expect(Manifest.safeParse(drafted(...odd))).toMatchObject({ success: true });
});

test('what people write about a tool stands over the draft, and of an unknown tool it is refused with the nearest', () => {
  const draft = drafted(listed('get_offers'), listed('book_table', { day: TEXT }));
  const now = patched(draft, {
    tools: [
      { name: 'get_offers', results: 'untrusted' },
      { name: 'book_table', effect: 'write', governs: { day: null } },
    ],
  });
  expect(now.tools[0]).toMatchObject({ effect: 'read', results: { are: 'untrusted' } });
  expect(now.tools[1]).toMatchObject({ effect: 'write', governs: { day: { kind: null } } });
  expect(() => patched(draft, { tools: [{ name: 'get_offer' }] })).toThrow('Near: `get_offers`');
});

test('what a tool is about changes with its name, description or schema', () => {
  const about = { name: 'a', description: 'b', schema: { type: 'object' } };
  const digests = [about, { ...about, description: 'c' }, { ...about, schema: {} }, { ...about, name: 'b' }].map(aboutOf);
  expect(new Set(digests).size).toBe(4);
});
