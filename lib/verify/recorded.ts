import * as v from 'valibot';

/** What the page shows of a verification that `regmix verify --json` wrote. */
const recordedSchema = v.object({
  target: v.string(),
  unit: v.string(),
  parameters: v.number(),
  tokens: v.number(),
  seeds: v.number(),
  candidates: v.array(
    v.object({
      id: v.string(),
      /** By domain, summing to 1. */
      mixture: v.record(v.string(), v.number()),
      /** Mean over seeds, by domain. */
      meansByDomain: v.record(v.string(), v.number()),
    }),
  ),
  comparisons: v.array(
    v.object({
      candidate: v.string(),
      other: v.string(),
      /** Mean of other - candidate over the seeds. */
      mean: v.number(),
      /** Half the length of the 95% interval. */
      half: v.number(),
      /** The same in a sentence. */
      verdict: v.string(),
    }),
  ),
});

export type RecordedVerification = v.InferOutput<typeof recordedSchema>;

/** Reads a recorded verification. @throws ValiError when the text is another one's */
export function readRecorded(text: string): RecordedVerification {
  return v.parse(recordedSchema, JSON.parse(text));
}
