export const replaced = <One>(list: One[], at: number, one: One): One[] => list.map((before, place) => (place === at ? one : before));

export const without = <One>(list: One[], at: number): One[] => list.filter((_, place) => place !== at);

/** A list with one of its things moved by one place; past an end it stays. */
export function moved<One>(list: One[], from: number, by: -1 | 1): One[] {
  const after = [...list];
  const [one] = after.splice(from, 1);
  if (one !== undefined) after.splice(Math.max(0, from + by), 0, one);
  return after;
}
