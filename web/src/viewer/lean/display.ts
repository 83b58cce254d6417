let table: Float32Array | null = null;

/**
 * The table of the display that this page is on: screen codes (0 to 1) for evenly spaced P-values (PS3.14). Null means
 * that nobody calibrated it, and grey goes to the screen as it is.
 */
export function displayTable(): Float32Array | null {
  return table;
}

/** Takes the table of this display; views that are opened from then on draw through it. */
export function setDisplayTable(codes: Float32Array | null): void {
  table = codes;
}
