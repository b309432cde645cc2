import { optionProblems } from './option-problems.ts';
import { optionsShape } from './options-shape.ts';

export const optionsSchema = optionsShape.superRefine((options, ctx) => {
  for (const { path, message } of optionProblems(options)) ctx.addIssue({ code: 'custom', path, message });
});
