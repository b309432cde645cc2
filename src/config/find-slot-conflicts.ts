import { WHOLE } from '../core/plugins/store.ts';
import type { Entries } from './merge-entries.ts';
import type { RotationConfig, TargetConfig } from './rotation-config.ts';
import type { IssueFile, Path } from './shape/issue.ts';
import { note } from './shape/shape.ts';
import type { Notebook } from './source/notebook.ts';

/** Where targets are listed, one after the other: under a key, or under one use of a service. */
interface TargetList {
  readonly section: 'keys' | 'services';
  readonly name: string;
  /** Which use of the service. */
  readonly use: number;
  readonly key: string;
  readonly file: IssueFile;
}

/** Who fills a field of a slot. */
interface Claim {
  readonly field: string;
  readonly part: string;
  readonly list: TargetList;
  readonly index: number;
  /** The list that named it last: a second time in the same list is a slip, in another list it is a second reader. */
  last: TargetList;
  /** Claims on the other fields of the slot; kept by the first claim. */
  others: Map<string, Claim> | undefined;
}

type Content = Pick<RotationConfig, 'keys' | 'services'>;

/** Two keys in one field would overwrite each other, and a slot written as a whole loses its fields. */
export function findSlotConflicts(config: Content, entries: Entries, notebook: Notebook): void {
  if (isEachSlotNamedOnce(config)) return;
  const stores = new Map<string, Map<string, Claim>>();

  const report = (message: string, before: Claim, next: Claim): void => {
    const other = { file: before.list.file, path: pathOf(before) };
    notebook.within(next.list.file, (reading) => {
      note(reading, { path: [...pathOf(next)], message, other });
    });
  };

  const claim = (target: TargetConfig, next: Claim): void => {
    const slots = entryOf(stores, target.store, () => new Map<string, Claim>());
    const first = entryOf(slots, target.ref, () => next);
    if (first === next) return;
    const before = first.field === next.field ? first : first.others?.get(next.field);
    const message = before === undefined ? wholeAndField(first, next) : sameField(before, next);
    if (message !== undefined) report(message, before ?? first, next);
    if (before !== undefined) {
      before.last = next.list;
      return;
    }
    first.others ??= new Map();
    first.others.set(next.field, next);
  };

  const claimAll = (targets: readonly TargetConfig[], list: TargetList): void => {
    targets.forEach((target, index) => {
      for (const [field, part] of Object.entries(target.fields)) {
        claim(target, { field, part, list, index, last: list, others: undefined });
      }
    });
  };

  // What could not be read is not in the config: it claims nothing.
  for (const [name, { file }] of entries.keys) {
    claimAll(config.keys[name]?.targets ?? [], { section: 'keys', name, use: 0, key: name, file });
  }
  for (const [name, { file }] of entries.services) {
    config.services[name]?.uses.forEach(({ key, from }, use) => {
      claimAll(from, { section: 'services', name, use, key, file });
    });
  }
}

/** Where each slot is named once, as in most inventories, there is nothing to weigh, and no claim to keep. */
function isEachSlotNamedOnce({ keys, services }: Content): boolean {
  const stores = new Map<string, Set<string>>();
  const areNew = (targets: readonly TargetConfig[]): boolean =>
    targets.every(({ store, ref, fields }) => {
      const refs = entryOf(stores, store, () => new Set<string>());
      const before = refs.size;
      // A mapping of fields may name the slot as a whole among them.
      return refs.add(ref).size > before && (fields[WHOLE] === undefined || Object.keys(fields).length === 1);
    });
  return (
    Object.values(keys).every(({ targets }) => areNew(targets)) &&
    Object.values(services).every(({ uses }) => uses.every(({ from }) => areNew(from)))
  );
}

function entryOf<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = make();
  map.set(name, made);
  return made;
}

function pathOf({ list, index }: Claim): Path {
  return list.section === 'keys'
    ? ['keys', list.name, 'targets', index]
    : ['services', list.name, 'uses', list.use, 'from', index];
}

function wholeAndField(first: Claim, next: Claim): string | undefined {
  const whole = first.field === WHOLE || next.field === WHOLE;
  return whole ? 'this slot is written as a whole in one place and by field in another' : undefined;
}

function sameField(before: Claim, next: Claim): string | undefined {
  if (before.list.key !== next.list.key) return `this slot already holds the key "${before.list.key}"`;
  if (before.part !== next.part) return `this slot already holds the part "${before.part}" of the key`;
  return before.last === next.list ? 'this target is listed twice' : undefined;
}
