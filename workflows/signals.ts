/** Signals only wake; what happened is read from PostgreSQL. */
import { defineSignal } from '@temporalio/workflow';

export const woken = defineSignal('woken');
