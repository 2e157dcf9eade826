import type { RaceResult } from './race.js';
import { markdownTable } from './table.js';

/** One row for each kind of race. */
export function raceTable(groups: Readonly<Record<string, readonly RaceResult[]>>): string {
  const rows = Object.entries(groups).map(([name, races]) => {
    const sum = (count: (race: RaceResult) => number) =>
      races.reduce((total, race) => total + count(race), 0);
    return [
      name,
      races.length,
      sum(({ runs }) => runs),
      races.filter(({ winners }) => winners === 1).length,
      `${sum(({ naming }) => naming)} of ${sum(({ runs, winners }) => runs - winners)}`,
      Math.max(...races.map(({ creations }) => creations)),
      Math.max(...races.map(({ mostKeys }) => mostKeys)),
      sum(({ leaked }) => leaked),
      sum(({ strangersDeleted }) => strangersDeleted),
      races.filter(({ delivered, settled }) => delivered && settled).length,
    ];
  });
  return markdownTable(
    [
      'race',
      'rounds',
      'applies',
      'rounds with one success',
      'losers that name the holder or the owner',
      'most keys made in a round',
      'most keys at a time',
      'leaked',
      "strangers' keys deleted",
      "rounds that end with the winner's pair",
    ],
    rows,
  );
}
