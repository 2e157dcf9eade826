/** How much of a million histories is played. */
export type Extent = 'quick' | 'wide' | 'more' | 'full';

const EXTENTS: readonly Extent[] = ['wide', 'more', 'full'];

/**
 * `npm test` has a minute on two cores. MODEL=wide plays a quarter of a million, with every history of one misfortune under
 * plain circumstances among them, MODEL=more twice as many, MODEL=full everything, for hours.
 */
export const extent: Extent = EXTENTS.find((one) => one === process.env.MODEL) ?? 'quick';

/** Takes one of so many, the same ones at each run. Not every n-th: those that lie so far apart are alike. */
export class Share {
  #state = 0x2545f491;

  constructor(private readonly each: number) {}

  isTaken(): boolean {
    if (this.each <= 1) return true;
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % this.each === 0;
  }
}

export function sample(each: Readonly<Record<Exclude<Extent, 'full'>, number>>): Share {
  return new Share(extent === 'full' ? 1 : each[extent]);
}
