import { INVALID, kindOf } from './issue.ts';
import { isMapping, refuseMapping } from './object.ts';
import { readInside, refuse, type Shape } from './shape.ts';

/** A list of things of one shape, with no upper limit. */
export function list<T>(item: Shape<T>, limits: { min: number }, description: string): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, minItems: limits.min, description },
    read: (value, reading) => {
      if (!Array.isArray(value)) {
        return refuse(reading, { message: `must be a list, not ${kindOf(value)}`, expected: 'a list' });
      }
      if (value.length < limits.min)
        return refuse(reading, { message: `must have at least ${limits.min} entry` });
      // Made in its final size: one that grows keeps room for sixteen, which ten thousand services would pay for.
      const result = new Array<T>(value.length);
      let valid = true;
      for (let index = 0; index < value.length; index += 1) {
        const entry = readInside(item, value[index], index, reading);
        if (entry === INVALID) valid = false;
        else result[index] = entry;
      }
      return valid ? result : INVALID;
    },
  };
}

/** Names the writer chooses, each with a value of one shape. */
export function mapOf<T>(item: Shape<T>, description: string): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', additionalProperties: item.schema, description },
    read: (value, reading) => {
      if (!isMapping(value)) return refuseMapping(value, reading);
      const result: [string, T][] = [];
      const names = Object.keys(value);
      for (const name of names) {
        const entry = readInside(item, value[name], name, reading);
        if (entry !== INVALID) result.push([name, entry]);
      }
      return result.length === names.length ? Object.fromEntries(result) : INVALID;
    },
  };
}
