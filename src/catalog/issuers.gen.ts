// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { IssuerPlugin } from '../core/plugins/plugin.ts';

export const issuers: Readonly<Record<string, () => Promise<IssuerPlugin>>> = {
};
