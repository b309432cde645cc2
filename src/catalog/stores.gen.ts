// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { StorePlugin } from '../core/plugins/plugin.ts';

export const stores: Readonly<Record<string, () => Promise<StorePlugin>>> = {
};
