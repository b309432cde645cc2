import { CORE_SCHEMA, load, Type, type YAMLException } from 'js-yaml';
import type { Parsed } from './parsed.ts';
import type { Fault } from './source.ts';
import { withoutText, yamlFaults } from './yaml-faults.ts';

/**
 * YAML 1.2's core types and `<<` merging. Dates stay text, as a config has no dates; each type less is also a test
 * less for every word in the file.
 */
const SCHEMA = CORE_SCHEMA.extend({
  implicit: [new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (data) => data === '<<' })],
});

/** js-yaml reads about ten times as fast as `yaml`; it stops at the first mistake, and then `yaml` looks for the rest. */
export async function parseYaml(text: string): Promise<Parsed> {
  try {
    return { data: load(text, { schema: SCHEMA }), faults: [] };
  } catch (error) {
    const found = await yamlFaults(text);
    return found.faults.length > 0 ? found : { data: undefined, faults: [faultOf(error as YAMLException)] };
  }
}

/** js-yaml's own words, where `yaml` finds nothing wrong. */
function faultOf({ mark, reason }: YAMLException): Fault {
  return { line: mark.line + 1, column: mark.column + 1, message: `is not YAML: ${withoutText(reason)}` };
}
