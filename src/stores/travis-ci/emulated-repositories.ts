import { randomUUID } from 'node:crypto';
import { shellWord } from './shell-word.ts';

export interface EmulatedVar {
  readonly id: string;
  readonly name: string;
  /** As it stands behind `export NAME=`. */
  readonly value: string;
  readonly public: boolean;
  readonly branch: string | null;
}

export interface EmulatedRepository {
  readonly id: number;
  readonly slug: string;
  /** One document, as Travis CI keeps it. */
  vars: readonly EmulatedVar[];
}

export interface EmulatedRepositories {
  /** By slug or number. */
  find(ref: string): EmulatedRepository | undefined;
  make(slug: string): EmulatedRepository;
  /** What somebody does in the settings, who knows what a shell makes of a value. */
  add(repository: EmulatedRepository, wanted: Omit<EmulatedVar, 'id'>): void;
  /** As the real one does: removes the variable and adds it again, behind all others. */
  replace(repository: EmulatedRepository, changed: EmulatedVar): void;
}

export function createEmulatedRepositories(): EmulatedRepositories {
  const repositories: EmulatedRepository[] = [];
  return {
    find: (ref) =>
      repositories.find(({ id, slug }) => ref === String(id) || ref.toLowerCase() === slug.toLowerCase()),
    make: (slug) => {
      const repository = { id: 1000 + repositories.length, slug, vars: [] };
      repositories.push(repository);
      return repository;
    },
    add: (repository, wanted) => {
      repository.vars = [...repository.vars, { ...wanted, id: randomUUID(), value: shellWord(wanted.value) }];
    },
    replace: (repository, changed) => {
      repository.vars = [...repository.vars.filter(({ id }) => id !== changed.id), changed];
    },
  };
}

/** What a build finds in its environment after `export NAME=value`; a shell would stumble over what it does not know. */
export function seenByBuild(value: string): string {
  let seen = '';
  let rest = value;
  while (rest !== '') {
    const [whole, quoted, escaped, plain] =
      /^(?:'([^']*)'|\\(.)|([A-Za-z0-9_./+=@:,%^-]+))/s.exec(rest) ?? [];
    if (whole === undefined) return `a broken build: ${rest.slice(0, 1)} is not quoted`;
    seen += quoted ?? escaped ?? plain ?? '';
    rest = rest.slice(whole.length);
  }
  return seen;
}
