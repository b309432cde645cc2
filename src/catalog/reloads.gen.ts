// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { ReloadPlugin } from '../core/plugins/plugin.ts';

export const reloads: Readonly<Record<string, () => Promise<ReloadPlugin>>> = {
};
