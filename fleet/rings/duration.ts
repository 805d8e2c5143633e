const [minute, hour, day] = [60, 3600, 86_400];

/** Whole minutes as people write them: `24h` rather than `1d`, and `2d` rather than `48h`. */
export function printedDuration(seconds: number): string {
  if (seconds >= 2 * day && seconds % day === 0) return `${seconds / day}d`;
  if (seconds > 0 && seconds % hour === 0) return `${seconds / hour}h`;
  return `${Math.floor(seconds / minute)}m`;
}
