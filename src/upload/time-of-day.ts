/** `14:05`, with the date where it is another day's; rounded up to the minute, so that it is not too early. */
export function timeOfDay(time: number, now: number): string {
  const minute = 60_000;
  const text = new Date(Math.ceil(time / minute) * minute).toISOString();
  const sameDay = text.startsWith(new Date(now).toISOString().slice(0, 10));
  return sameDay ? text.slice(11, 16) : text.slice(0, 16).replace('T', ' ');
}
