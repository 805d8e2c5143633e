/** `192MiB`, `3.5GiB`: rounded for people. What has to be exact is in the JSON. */
export function amount(mebibytes: number): string {
  if (mebibytes < 1024) return `${Math.round(mebibytes)}MiB`;
  const gibibytes = Math.round((mebibytes / 1024) * 10) / 10;
  return `${gibibytes}GiB`;
}

export const percent = (part: number, whole: number) => (whole <= 0 ? 0 : Math.round((part / whole) * 100));

/** `3.2GiB of 60GiB (5%)`. */
export const share = (part: number, whole: number) =>
  `${amount(part)} of ${amount(whole)} (${percent(part, whole)}%)`;
