/** How many damaged inputs a reader is given: 1,000, and 10,000 in the long tests (vitest.long.config.ts). */
export const damageCases = Number(process.env.DAMAGE_CASES ?? 1_000);
