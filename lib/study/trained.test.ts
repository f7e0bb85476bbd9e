import { expect, it } from 'vitest';
import { layoutOf, sizes } from '../training/shape';
import { begin, fine, place } from '../training/training.fixture';
import { sizeToVerify } from '../verify/plan';
import { openTrained } from './trained';

it('a study of proxies trained in this tab says their size, which its verification exceeds', () => {
  const { job, handle } = begin(place(fine).platform, 'cpu', 4);
  handle.leave();
  const runs = job.proxies.map(({ id, mixture }) => ({
    id,
    evaluations: [{ step: 1, losses: [...mixture] }],
    curve: [],
  }));
  const { parameters } = openTrained(job, runs).study.source;
  expect(parameters).toBe(layoutOf(sizes[job.size]).count);
  expect(layoutOf(sizes[sizeToVerify(parameters)]).count).toBeGreaterThan(Number(parameters));
});
