/** `const x_1 = require("x");` at the top of a file, as TypeScript emits it. */
const TOP_REQUIRE =
  /^(const|var) (\w+_\d+) = ((?:__importDefault|__importStar)\(require\("[^"]+"\)\)|require\("[^"]+"\));$/gm;

/** A property and not a call, for `new x_1.Name()`. Hoisted: a circle of modules may ask before the file is through. */
const LAZILY =
  'function lazily(load) { let loaded; return { get module() { return (loaded ??= load()); } }; }';

/**
 * TypeScript's CommonJS requires everything at the top of a file, and names what it requires where it is used
 * (`x_1.f()`): so the requiring can wait for the first use. Only for packages whose modules do not rely on the order
 * in which they are evaluated.
 */
export function withLazyRequires(source: string): string {
  const names: string[] = [];
  const head = source.replace(TOP_REQUIRE, (_whole, keyword: string, name: string, load: string) => {
    names.push(name);
    return `${keyword} ${name}\u0000 = lazily(() => ${load});`;
  });
  if (names.length === 0) return source;
  const uses = new RegExp(`\\b(${names.join('|')})\\b(?!\\u0000)`, 'g');
  return `${head.replace(uses, '$1.module').replaceAll('\u0000', '')}\n${LAZILY}\n`;
}
