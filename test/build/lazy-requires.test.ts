import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { withLazyRequires } from '../../scripts/build/lazy-requires.ts';

interface Ran {
  readonly exports: Record<string, unknown>;
  /** In the order in which they were required. */
  readonly required: readonly string[];
}

/** Runs a CommonJS file whose requires give what stands in `modules`. */
function run(source: string, modules: Readonly<Record<string, unknown>>): Ran {
  const required: string[] = [];
  const exports = {};
  const require = (name: string): unknown => {
    required.push(name);
    return modules[name];
  };
  runInNewContext(withLazyRequires(source), { exports, require });
  return { exports, required };
}

const IMPORT_DEFAULT = 'var __importDefault = (mod) => (mod && mod.__esModule) ? mod : { "default": mod };\n';

describe('a file that requires what it may not use', () => {
  test('requires a module at its first use, and once', () => {
    const source =
      'const a_1 = require("a");\nconst b_1 = require("b");\nexports.ask = () => (0, a_1.f)() + a_1.x;\n';
    const { exports, required } = run(source, { a: { f: () => 1, x: 2 } });
    expect(required).toEqual([]);
    const ask = exports['ask'] as () => number;
    expect([ask(), ask(), required]).toEqual([3, 3, ['a']]);
  });

  test('makes instances, extends classes and passes exports on as before', () => {
    const source = `${IMPORT_DEFAULT}const base_1 = __importDefault(require("base"));
var other_1 = require("other");
class Own extends base_1.default {}
exports.own = new Own();
exports.theirs = new base_1.default();
Object.defineProperty(exports, "late", { get: function () { return other_1.late; } });
`;
    const Base = class {
      readonly kind = 'base';
    };
    const { exports, required } = run(source, { base: Base, other: { late: 'later' } });
    expect(exports).toMatchObject({ own: { kind: 'base' }, theirs: { kind: 'base' } });
    expect(required).toEqual(['base']);
    expect([exports['late'], required]).toEqual(['later', ['base', 'other']]);
  });

  test('leaves alone what it does not know', () => {
    const source = 'const wrap = require("wrap");\nif (wrap) { const late_1 = require("late"); }\n';
    expect(withLazyRequires(source)).toBe(source);
  });
});
