/** `charter/define`: how tools, agents, reconcilers and fact sheets are declared. */
export {
  defineAgent,
  defineReadTool,
  defineReconciler,
  defineWriteTool,
  draft,
  type Agent,
  type AgentAuthority,
  type AgentLimits,
  type CardLine,
  type Draft,
  type Execution,
  type Playbook,
  type ReadTool,
  type Reads,
  type Reconciler,
  type WriteEffect,
  type WriteTool,
} from '../kernel/define.ts';
export { defineFacts, type FactSheet } from '../kernel/facts.ts';
export { Money } from '../kernel/money.ts';
