type Import = (specifier: string) => Promise<Record<string, unknown>>;

let own: Import = (specifier) => import(specifier);

/**
 * Node's own `import()`, for modules that are not ours. In the package ours are scripts, whose `import()` is `require`
 * of a chunk: there a real file has to lend its own.
 */
export function nativeImport(specifier: string): Promise<Record<string, unknown>> {
  return own(specifier);
}

export function lendNativeImport(real: Import): void {
  own = real;
}
