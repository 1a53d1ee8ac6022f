/** A server's list of tools -> a draft of their manifest, and what to look at first. */
import { descriptorsIn } from '../intake/tools/descriptors.ts';
import { draftManifest } from '../intake/tools/draft.ts';
import type { Manifest } from '../kernel/manifest.ts';

/** @throws DescriptorError where the file lists no tools */
export const importTools = (listed: unknown, server: string): Manifest => draftManifest(descriptorsIn(listed), server);
