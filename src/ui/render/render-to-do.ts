import { ux } from '@oclif/core/ux';

/** What a person has to do, numbered; nothing where there is nothing. */
export function renderToDo(instructions: readonly string[]): string[] {
  if (instructions.length === 0) return [];
  return [ux.colorize('bold', 'To do'), ...instructions.map((line, index) => `  ${index + 1}. ${line}`)];
}
