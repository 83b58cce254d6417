/** The row last stood on, kept while the page lives: coming back from a study finds it again. */
let place: string | null = null;

export function lastPlace(): string | null {
  return place;
}

export function rememberPlace(key: string | null): void {
  place = key;
}
