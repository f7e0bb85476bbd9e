import * as v from 'valibot';
import { parseJson } from '../model/json';
import { cleanLine } from '../model/labels';
import { type Lesson, longestTask } from './lesson';

const maxStages = 40;

const schema = v.strictObject({
  hidesAnswer: v.boolean(),
  hiddenStages: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(40), v.regex(/^[a-z-]+$/))),
    v.maxLength(maxStages),
  ),
  task: v.pipe(v.string(), v.maxLength(longestTask)),
  isPresenting: v.boolean(),
});

/** Reads a lesson that this browser stored for the tab; null when it is invalid: storage is untrusted. */
export function parseLesson(text: string): Lesson | null {
  try {
    const result = v.safeParse(schema, parseJson(text));
    if (!result.success) return null;
    const { task, ...lesson } = result.output;
    return {
      ...lesson,
      task: task
        .split('\n')
        .map((line) => cleanLine(line, longestTask))
        .join('\n')
        .trim(),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
