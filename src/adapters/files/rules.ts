/** `rules.yaml` of an organization: the rules that it made from templates. Written by hand or by `charter rules`; comments stay. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { RuleError, RulesFile, type Rule, type RuleWriting } from '../../kernel/rules.ts';
import type { Checked } from './cross-checks.ts';
import { replaceFile, UnwrittenError } from './replace.ts';
import { readYaml } from './yaml.ts';

export const RULES_YAML = 'rules.yaml';

/** Without a file there are none. @returns undefined where anything in it is wrong */
export async function readRules(dir: string, problems: string[]): Promise<Checked<readonly Rule[]> | undefined> {
  if (!existsSync(join(dir, RULES_YAML))) return { file: RULES_YAML, value: [], line: () => 1 };
  const read = await readYaml(dir, RULES_YAML, RulesFile, problems);
  return read && { file: read.file, value: read.value.rules, line: (path) => read.line(['rules', ...path]) };
}

const FIRST = `# Rules of this organization, made from templates. \`charter rules templates\` lists what there is, \`charter rules add\` writes here.
# An edited file is a draft: \`charter constitution diff\` says what it would change, \`charter constitution amend\` puts it to the owners' vote.
rules: []
`;

/**
 * Changes one rule in the file, whole or not at all.
 * @returns puts back what was there, where nothing was written since
 * @throws RuleError `rules_unwritten`, `rules_unread`
 */
export async function writeRule(dir: string, writing: RuleWriting): Promise<() => Promise<void>> {
  const path = join(dir, RULES_YAML);
  const before = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  const after = written(before ?? FIRST, writing);
  await replace(path, after);
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => undefined)) !== after) return;
    if (before === undefined) await rm(path, { force: true });
    else await replace(path, before);
  };
}

/** The text with one rule put in its place, at the end where it is new, or taken out. */
function written(text: string, writing: RuleWriting): string {
  const document = parseDocument(text);
  const rules = document.get('rules', true);
  if (document.errors.length > 0 || !isSeq(rules)) throw new RuleError('rules_unread', `${RULES_YAML} is no list of rules; mend it first.`);
  const id = 'put' in writing ? writing.put.id : writing.remove;
  const at = rules.items.findIndex((one) => isMap(one) && one.get('id') === id);
  if ('remove' in writing) rules.delete(at);
  else {
    const { observe, ...rule } = writing.put;
    const node = document.createNode(observe ? { ...rule, observe } : rule);
    if (at >= 0) rules.set(at, node);
    else rules.add(node);
    rules.flow = false;
  }
  return document.toString({ lineWidth: 0 });
}

const replace = (path: string, text: string): Promise<void> =>
  replaceFile(path, text).catch((error: unknown) => {
    throw error instanceof UnwrittenError ? new RuleError('rules_unwritten', error.message) : error;
  });
