import { scaleLinear } from 'd3-scale';

/** Stops of viridis (van der Walt and Smith 2015): lightness rises evenly, told apart by every colour vision. */
const ramp = scaleLinear<string>()
  .domain([0, 0.25, 0.5, 0.75, 1])
  .range(['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'])
  .clamp(true);

/** The colour of a magnitude, 0..1, the same in both themes. */
export function sequentialColor(share: number): string {
  return ramp(share);
}
