/** RELIABILITY_SHARE=3: each third point, not the same ones in all rows, for a pipeline that has no quarter of an hour. */
export const SHARE = Number(process.env.RELIABILITY_SHARE ?? '1');

export function shareOf<Point>(points: readonly Point[], row: number): Point[] {
  return points.filter((_, nth) => (nth + row) % SHARE === 0);
}
