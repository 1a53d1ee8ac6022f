/** What a server says of its tools -> one form. MCP `tools/list`, OpenAPI 3.1, or a bare list of names with JSON schemas. */
import { z } from 'zod';
import { snake } from '../../kernel/manifest.ts';

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly type: 'text' | 'texts' | 'number' | 'flag' | 'choice' | 'structure' | 'unknown';
  readonly format: string; // of JSON Schema, or empty
}

export interface ToolDescriptor {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly method: string; // of HTTP, where there is one, or empty
  readonly schema: unknown; // as it was given
}

/** A file of tools cannot be read. */
export class DescriptorError extends Error {
  override readonly name = 'DescriptorError';
  constructor(
    readonly code: 'not_tools' | 'twice',
    message: string,
  ) {
    super(message);
  }
}

const Loose = z.record(z.string(), z.unknown());
const Schema = z.looseObject({ properties: z.record(z.string(), z.unknown()).optional(), required: z.array(z.string()).optional() });
const Tool = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().optional(),
  inputSchema: Schema.optional(),
  input_schema: Schema.optional(),
  parameters: Schema.optional(),
});
const Wrapped = z.looseObject({ type: z.literal('function'), function: Tool });
const Listed = z.array(z.union([Wrapped.transform((one) => one.function), Tool])).min(1);
const Operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), description: z.string().optional(), required: z.boolean().optional(), schema: z.unknown().optional() }))
    .optional(),
  requestBody: z.unknown().optional(),
});
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
const MOST_TOOLS = 1_000;

/** @throws DescriptorError */
export function descriptorsIn(given: unknown): readonly ToolDescriptor[] {
  const found = openApi(given) ?? listed(given);
  if (!found || found.length === 0)
    throw new DescriptorError(
      'not_tools',
      'holds no tools; it takes the answer to MCP’s `tools/list`, an OpenAPI 3.1 document, or a list of `{"name", "description", "inputSchema"}`.',
    );
  if (found.length > MOST_TOOLS) throw new DescriptorError('not_tools', `holds ${found.length} tools; at most ${MOST_TOOLS} are read.`);
  const twice = found.find(({ name }, n) => found.findIndex((other) => snake(other.name) === snake(name)) !== n);
  if (twice)
    throw new DescriptorError(
      'twice',
      `names the tool \`${twice.name}\` twice, or one that differs in case or signs alone; a call of it could be either. Take one out.`,
    );
  return found;
}

function listed(given: unknown): readonly ToolDescriptor[] | undefined {
  const wrapped = z.looseObject({ result: z.looseObject({ tools: z.unknown() }) }).safeParse(given);
  const open = z.looseObject({ tools: z.unknown() }).safeParse(given);
  const tools = Listed.safeParse(wrapped.success ? wrapped.data.result.tools : open.success ? open.data.tools : given);
  if (!tools.success) return undefined;
  return tools.data.map(({ name, description = '', inputSchema, input_schema, parameters }) => {
    const schema = inputSchema ?? input_schema ?? parameters;
    return { name, description, parameters: parametersOf(schema, schema), method: '', schema };
  });
}

function parametersOf(schema: z.infer<typeof Schema> | undefined, whole: unknown): readonly Parameter[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    description: z.looseObject({ description: z.string() }).safeParse(property).data?.description ?? '',
    required: schema?.required?.includes(name) ?? false,
    ...typeOf(property, whole),
  }));
}

const DEEPEST = 6; // references and alternatives within each other

function typeOf(property: unknown, whole: unknown, depth = 0): Pick<Parameter, 'type' | 'format'> {
  const one = Loose.safeParse(property);
  if (!one.success || depth > DEEPEST) return { type: 'unknown', format: '' };
  const { type, format, enum: choices, anyOf, oneOf, items, $ref } = one.data;
  if (typeof $ref === 'string') return typeOf(pointed(whole, $ref), whole, depth + 1);
  if (Array.isArray(choices) || 'const' in one.data) return { type: 'choice', format: '' };
  const alternatives = [anyOf, oneOf].find(Array.isArray);
  if (Array.isArray(alternatives)) {
    const kinds = alternatives.map((each) => typeOf(each, whole, depth + 1)).filter(({ type: kind }) => kind !== 'unknown');
    const order = ['structure', 'texts', 'text', 'number', 'choice', 'flag'];
    return kinds.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))[0] ?? { type: 'unknown', format: '' };
  }
  const named = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
  const shape = typeof format === 'string' ? format : '';
  if (named === 'string') return { type: 'text', format: shape };
  if (named === 'integer' || named === 'number') return { type: 'number', format: shape };
  if (named === 'boolean') return { type: 'flag', format: '' };
  if (named === 'array')
    return {
      type: ['text', 'choice', 'number'].includes(typeOf(items, whole, depth + 1).type) ? 'texts' : 'structure',
      format: typeOf(items, whole, depth + 1).format,
    };
  return { type: named === 'object' ? 'structure' : 'unknown', format: '' };
}

/** `#/components/schemas/Payment` within the document. */
function pointed(whole: unknown, ref: string): unknown {
  return ref
    .replace(/^#\/?/, '')
    .split('/')
    .reduce<unknown>((at, step) => Loose.safeParse(at).data?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], whole);
}

function openApi(given: unknown): readonly ToolDescriptor[] | undefined {
  const document = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), Loose) }).safeParse(given);
  if (!document.success) return undefined;
  return Object.entries(document.data.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      if (item[method] === undefined) return [];
      const operation = Operation.safeParse(item[method]);
      if (!operation.success)
        throw new DescriptorError('not_tools', `says of \`${method.toUpperCase()} ${path}\` what cannot be read: ${z.prettifyError(operation.error)}`);
      return [ofOperation(path, method, operation.data, given)];
    }),
  );
}

function ofOperation(path: string, method: string, operation: z.infer<typeof Operation>, document: unknown): ToolDescriptor {
  const { operationId, summary = '', description = '', parameters = [], requestBody } = operation;
  const body = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })) }).safeParse(requestBody);
  const first = body.success ? Object.values(body.data.content)[0]?.schema : undefined;
  const ref = z.looseObject({ $ref: z.string() }).safeParse(first);
  const schema = Schema.safeParse(ref.success ? pointed(document, ref.data.$ref) : first);
  return {
    name: operationId ?? `${method}_${path.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '')}`,
    description: `${summary} ${description}`.trim(),
    parameters: [
      ...parameters.map((one) => ({ name: one.name, description: one.description ?? '', required: one.required ?? false, ...typeOf(one.schema, document) })),
      ...parametersOf(schema.data, document),
    ],
    method,
    schema: operation,
  };
}
